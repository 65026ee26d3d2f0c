package io.longwire.center.ban;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.profile.Aliases;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.CreateBanRequest;
import io.longwire.rpc.saver.Ban;
import io.longwire.saver.client.Network;
import java.time.Duration;

/** What a ban may say. Pure. */
final class BanRules {
    private static final int MAX_REASON = 256;
    private static final int MAX_TEXT = 64;
    private static final Duration MAX_DURATION = Duration.ofDays(3_650);

    private BanRules() {
    }

    /**
     * The ban that a request asks for. Throws {@link Refused} for the first rule it breaks.
     *
     * @param appId the caller's; 0 = the operator, who has named none
     */
    static Ban ban(CreateBanRequest request, int appId, EndpointNames names, long now) {
        int subjects = (request.getEndpoint().isEmpty() ? 0 : 1) + (request.getAlias().isEmpty() ? 0 : 1)
                + (request.getNetwork().isEmpty() ? 0 : 1);
        if (subjects != 1) {
            throw Refused.invalid("ban", subjects == 0 ? "of nobody" : "of " + subjects,
                    "one of endpoint, alias, network");
        }
        var ban = Ban.newBuilder().setReason(reason(request.getReason()))
                .setUntilMs(until(request.getDuration(), now));
        if (!request.getNetwork().isEmpty()) {
            return ban.setKind(Ban.Kind.NETWORK).setSubject(network(request.getNetwork())).build();
        }
        if (appId == 0) {
            throw Refused.invalid("app_id", "none", "the app of the endpoint or alias");
        }
        ban.setAppId(appId);
        return request.getAlias().isEmpty()
                ? ban.setKind(Ban.Kind.ENDPOINT).setEndpointId(names.id("endpoint", request.getEndpoint(), appId))
                        .build()
                : ban.setKind(Ban.Kind.ALIAS).setSubject(Aliases.check("alias", request.getAlias())).build();
    }

    private static String network(String text) {
        Network network = text.length() > MAX_TEXT ? null : Network.parse(text);
        if (network == null) {
            throw Refused.invalid("network", text, "a block such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7");
        }
        if (network.bits() == 0) {
            throw Refused.invalid("network", text, "not everybody");
        }
        return network.toString();
    }

    private static long until(String text, long now) {
        if (text.isEmpty()) {
            return 0;
        }
        Duration duration = text.length() > MAX_TEXT ? null : Units.duration(text);
        if (duration == null || duration.toMillis() < 1_000 || duration.compareTo(MAX_DURATION) > 0) {
            throw Refused.invalid("duration", text, "1s to " + MAX_DURATION.toDays() + "d, or none");
        }
        return now + duration.toMillis();
    }

    private static String reason(String reason) {
        if (reason.length() > MAX_REASON) {
            throw Refused.invalid("reason", reason.length() + " characters", "at most " + MAX_REASON);
        }
        if (reason.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid("reason", reason, "no control characters");
        }
        return reason;
    }

    /** Throws {@link Refused} for what is no id of a ban. */
    static long id(String field, String text) {
        try {
            long id = text.length() > MAX_TEXT ? 0 : Long.parseLong(text);
            if (id > 0) {
                return id;
            }
        } catch (NumberFormatException none) {
            throw notAnId(field, text);
        }
        throw notAnId(field, text);
    }

    private static Refused notAnId(String field, String text) {
        return Refused.invalid(field, text, "a number from an earlier answer");
    }
}
