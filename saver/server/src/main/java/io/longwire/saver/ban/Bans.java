package io.longwire.saver.ban;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.rpc.saver.BanChangesRequest;
import io.longwire.rpc.saver.LiftBanRequest;
import io.longwire.rpc.saver.ListBansReply;
import io.longwire.rpc.saver.ListBansRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.profile.Profiles;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Makes, ends and lists bans.
 *
 * <p>All changes stand one behind the other: each takes the number of the last change under a lock that it holds until
 * it is committed, so a reader that has seen one has seen all before it.
 *
 * <p>A banned alias is a row of its own and one for each endpoint that has it. Its own is committed first and the
 * endpoints are read after it, while a binding is written first and the ban is read after it ({@link AliasBans}): one
 * of the two sees the other. Who dies between the two leaves what the same call, repeated, completes.
 */
public final class Bans {
    private static final int PAGE = 1_000;
    private static final int MOST = 500;
    private static final int APP_BANS = 100_000;
    private static final int NETWORKS = 10_000;
    private static final int REASON = 256;

    private final Shard shard;
    private final Profiles profiles;
    private final Clock clock;
    private final int appBans;

    public Bans(Shard first, Profiles profiles, Clock clock) {
        this(first, profiles, clock, APP_BANS);
    }

    /** @param appBans the most an app may have in force */
    Bans(Shard first, Profiles profiles, Clock clock, int appBans) {
        this.shard = first;
        this.profiles = profiles;
        this.clock = clock;
        this.appBans = appBans;
    }

    /** Bans the subject from now on, or changes the ban it has. Blocks. */
    public Ban put(Ban given) throws SQLException {
        check(given);
        Ban ban = given.toBuilder().setCreatedMs(clock.wallMillis()).setParent(0).clearLifted().build();
        if (ban.getKind() == Ban.Kind.ENDPOINT && !known(ban)) {
            return given.toBuilder().setCode(Ban.Code.NO_ENDPOINT).build();
        }
        Ban kept = committed(ban);
        if (kept.getCode() == Ban.Code.OK && ban.getKind() == Ban.Kind.ALIAS) {
            withEndpoints(kept);
        }
        return kept;
    }

    /**
     * Bans the endpoints of an alias for as long as the alias; nothing, if that ban was lifted or changed since it was
     * kept: whoever did it has seen to the endpoints, or does it after this. Blocks.
     */
    void withEndpoints(Ban kept) throws SQLException {
        Set<Long> endpoints = endpoints(kept);
        if (endpoints.isEmpty()) {
            return;
        }
        try (Connection connection = shard.connect()) {
            Transaction.on(connection, open -> {
                long version = BanRows.lockVersion(open);
                if (!BanRows.stands(open, kept)) {
                    return false;
                }
                var child = kept.toBuilder().setKind(Ban.Kind.ENDPOINT).clearSubject().setParent(kept.getBanId());
                for (long endpoint : endpoints) {
                    BanRows.put(open, child.setEndpointId(endpoint).build(), ++version);
                }
                BanRows.version(open, version);
                return true;
            });
        }
    }

    /** Ends it and those that stand for its endpoints; ABSENT if the app has none such, or it is over. Blocks. */
    public Ban lift(LiftBanRequest request) throws SQLException {
        long now = clock.wallMillis();
        try (Connection connection = shard.connect()) {
            return Transaction.on(connection, open -> {
                long version = BanRows.lockVersion(open);
                List<Ban> family = BanRows.family(open, request.getBanId());
                if (family.isEmpty() || family.getFirst().getBanId() != request.getBanId()
                        || family.getFirst().getAppId() != request.getAppId() || over(family.getFirst(), now)) {
                    return Ban.newBuilder().setCode(Ban.Code.ABSENT).setBanId(request.getBanId()).build();
                }
                for (Ban one : family) {
                    if (!over(one, now)) {
                        BanRows.lift(open, one.getBanId(), ++version, now);
                    }
                }
                BanRows.version(open, version);
                return family.getFirst().toBuilder().setLifted(true).build();
            });
        }
    }

    /** Those in force, by id. Blocks. */
    public ListBansReply list(ListBansRequest request) throws SQLException {
        int limit = request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
        try (Connection connection = shard.connect()) {
            return ListBansReply.newBuilder().addAllBans(BanRows.page(connection, request.getAppId(),
                    request.getAfterId(), limit, clock.wallMillis())).build();
        }
    }

    /** What was changed after this version. Blocks. */
    public BanChangesReply changes(BanChangesRequest request) throws SQLException {
        try (Connection connection = shard.connect()) {
            List<Ban> bans = BanRows.changes(connection, request.getAfterVersion(), PAGE);
            return BanChangesReply.newBuilder().addAllBans(bans).setMore(bans.size() == PAGE).build();
        }
    }

    // As it is kept, or LIMIT. They are counted before the lock, so that nobody else's change waits for the count: a
    // few made at the same moment may exceed the limit, and so may the endpoints of the last alias.
    private Ban committed(Ban ban) throws SQLException {
        int most = ban.getKind() == Ban.Kind.NETWORK ? NETWORKS : appBans;
        long now = clock.wallMillis();
        try (Connection connection = shard.connect()) {
            boolean more = BanRows.same(connection, ban).stream().allMatch(same -> over(same, now));
            if (more && BanRows.count(connection, ban.getAppId(), now) >= most) {
                return ban.toBuilder().setCode(Ban.Code.LIMIT)
                        .setReason("bans: " + most + " (expected: fewer; lift one first)").build();
            }
            return Transaction.on(connection, open -> {
                long version = BanRows.lockVersion(open);
                BanRows.put(open, ban, ++version);
                BanRows.version(open, version);
                return BanRows.same(open, ban).getFirst();
            });
        }
    }

    // Those that have the alias now, and those that are banned for it already: their time changes with it.
    private Set<Long> endpoints(Ban alias) throws SQLException {
        var all = new LinkedHashSet<>(profiles.find(AliasRequest.newBuilder().setAppId(alias.getAppId())
                .setAlias(alias.getSubject()).build()).getEndpointIdsList());
        try (Connection connection = shard.connect()) {
            List<Ban> family = BanRows.family(connection, alias.getBanId());
            family.stream().filter(ban -> ban.getParent() != 0 && !over(ban, alias.getCreatedMs()))
                    .forEach(ban -> all.add(ban.getEndpointId()));
        }
        return all;
    }

    private boolean known(Ban ban) throws SQLException {
        return profiles.get(ban.getEndpointId(), ban.getAppId()).getCode() == Profile.Code.OK;
    }

    private static boolean over(Ban ban, long now) {
        return ban.getLifted() || (ban.getUntilMs() != 0 && ban.getUntilMs() <= now);
    }

    private static void check(Ban ban) {
        @Nullable
        String wrong = switch (ban.getKind()) {
            case ENDPOINT -> ban.getEndpointId() == 0 || ban.getAppId() == 0 ? "endpoint_id and app_id" : null;
            case ALIAS -> ban.getSubject().isBlank() || ban.getAppId() == 0 ? "subject and app_id" : null;
            case NETWORK -> ban.getSubject().isBlank() || ban.getAppId() != 0 ? "subject and no app_id" : null;
            case NONE, UNRECOGNIZED -> "an endpoint, an alias or a network";
        };
        if (wrong != null) {
            throw new IllegalArgumentException("ban: " + ban.getKind() + " (expected: " + wrong + ")");
        }
        if (ban.getReason().length() > REASON) {
            throw new IllegalArgumentException(
                    "reason: " + ban.getReason().length() + " characters (expected: at most " + REASON + ")");
        }
    }
}
