package io.longwire.center.send;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.api.Problems;
import io.longwire.center.profile.Aliases;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.AppRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a request names, as far as its text tells: what cannot be an endpoint of the app is refused by itself when it
 * stands in a list, and with the whole request when it stands alone. Immutable.
 *
 * @param one it is one endpoint that is named, not a list: the answer is of it alone
 * @param refused results of what stands in the list and is none
 */
record Targets(boolean one, List<Recipient> endpoints, List<String> aliases, List<TargetResult> refused) {
    /** Targets of one request, unless the app's own bound is lower. */
    static final int MAX = 1_000;

    /**
     * One endpoint to send to.
     *
     * @param target as the caller gave it
     */
    record Recipient(String target, String endpoint, long endpointId) {
    }

    Targets {
        endpoints = List.copyOf(endpoints);
        aliases = List.copyOf(aliases);
        refused = List.copyOf(refused);
    }

    /** Throws {@link Refused} for a target that is none, for two forms at once, and above the app's fan-out. */
    static Targets of(Target to, AppRecord app, EndpointNames names) {
        int appId = app.getAppId();
        boolean list = to.getEndpointsCount() + to.getAliasesCount() > 0;
        int forms = (to.getEndpoint().isEmpty() ? 0 : 1) + (to.getAlias().isEmpty() ? 0 : 1) + (list ? 1 : 0);
        if (forms != 1) {
            throw Refused.invalid("to", forms == 0 ? "missing" : forms + " forms",
                    "one of {\"endpoint\": \"ep_...\"}, {\"alias\": ...}, {\"endpoints\": [...], \"aliases\": [...]}");
        }
        if (!to.getEndpoint().isEmpty()) {
            String text = to.getEndpoint();
            long id = names.id("to.endpoint", text, appId);
            return new Targets(true, List.of(new Recipient(text, text, id)), List.of(), List.of());
        }
        if (!to.getAlias().isEmpty()) {
            return new Targets(false, List.of(), List.of(Aliases.check("to.alias", to.getAlias())), List.of());
        }
        return listed(to, app, names);
    }

    private static Targets listed(Target to, AppRecord app, EndpointNames names) {
        checkCount(to.getEndpointsCount() + to.getAliasesCount(), app);
        var endpoints = new ArrayList<Recipient>();
        var aliases = new ArrayList<String>();
        var refused = new ArrayList<TargetResult>();
        for (int i = 0; i < to.getEndpointsCount(); i++) {
            String text = to.getEndpoints(i);
            try {
                endpoints.add(new Recipient(text, text,
                        names.id("to.endpoints[" + i + "]", text, app.getAppId())));
            } catch (Refused none) {
                refused.add(unknown(text, none));
            }
        }
        for (int i = 0; i < to.getAliasesCount(); i++) {
            String text = to.getAliases(i);
            try {
                aliases.add(Aliases.check("to.aliases[" + i + "]", text));
            } catch (Refused none) {
                refused.add(unknown(text, none));
            }
        }
        return new Targets(false, endpoints, aliases, refused);
    }

    /** Throws {@link Refused} above the app's fan-out. */
    static void checkCount(int endpoints, AppRecord app) {
        int most = fanOut(app);
        if (endpoints > most) {
            throw Refused.invalid("to", endpoints + " endpoints", "at most " + most);
        }
    }

    private static int fanOut(AppRecord app) {
        return app.getFanOut() == 0 ? MAX : Math.min(MAX, app.getFanOut());
    }

    static TargetResult unknown(String target, Refused refused) {
        return TargetResult.newBuilder().setTarget(Refused.shown(target)).setStatus("unknown_endpoint")
                .setProblem(Problems.problem(refused)).build();
    }
}
