package io.longwire.saver.profile;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.saver.ledger.Shards;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Changes and reads profiles. The profile is a row on the endpoint's shard, an alias a row on the shard of its hash;
 * both are changed one after the other under a lock of the endpoint, so that the profile always names every alias the
 * endpoint has: a new alias is written into the profile first, one that goes leaves it last. Whoever dies in between
 * leaves what the same update, repeated, completes, and what the deletion of the endpoint finds. Methods block and run
 * on cold-call threads.
 */
public final class Profiles {
    private final Shards shards;
    private final Aliases aliases;
    private final Clock clock;

    public Profiles(Shards shards, Clock clock) {
        this.shards = shards;
        this.aliases = new Aliases(shards);
        this.clock = clock;
    }

    /** A step on the endpoint's shard while its profile is locked. */
    private interface Locked<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T locked(long endpoint, Locked<T> step) throws SQLException {
        try (Connection connection = shards.of(Slots.of(endpoint)).connect()) {
            ProfileRows.lock(connection, endpoint);
            try {
                return step.run(connection);
            } finally {
                ProfileRows.unlock(connection, endpoint);
            }
        }
    }

    /** All of the update, or LIMIT and nothing of it but aliases that were bound before the one that is refused. */
    public Profile update(ProfileUpdate update) throws SQLException {
        String objection = ProfileRules.objection(update);
        return objection != null
                ? limit(update.getEndpointId(), objection)
                : locked(update.getEndpointId(), connection -> update(connection, update));
    }

    private Profile update(Connection connection, ProfileUpdate update) throws SQLException {
        long endpoint = update.getEndpointId();
        int app = ProfileRows.app(connection, endpoint, update.getAppId());
        if (app == 0) {
            return Profile.newBuilder().setCode(Profile.Code.NO_ENDPOINT).setEndpointId(endpoint)
                    .setReason("endpoint_id: (expected: an active endpoint of the app)").build();
        }
        Profile before = ProfileRows.read(connection, endpoint);
        List<String> gone = ProfileRules.unbound(before, update);
        List<String> bound = ProfileRules.bound(update);
        Profile goal = ProfileRules.changed(ProfileRules.with(ProfileRules.without(before, gone), bound), update);
        String excess = ProfileRules.excess(goal);
        if (excess != null) {
            return limit(endpoint, excess);
        }
        Profile whole = ProfileRules.with(ProfileRules.changed(before, update), bound);
        @Nullable
        String full = bind(connection, app, before, bound);
        if (full != null) {
            return limit(endpoint, full);
        }
        for (String alias : gone) {
            aliases.unbind(app, alias, endpoint);
        }
        Profile after = ProfileRules.without(whole, gone);
        return after.equals(before) ? before : ProfileRows.write(connection, app, after, clock.wallMillis());
    }

    // Profile first. An alias that is full goes out of it again; null = all are bound.
    private @Nullable String bind(Connection connection, int app, Profile before, List<String> bound)
            throws SQLException {
        long now = clock.wallMillis();
        if (!before.getAliasesList().containsAll(bound)) {
            ProfileRows.write(connection, app, ProfileRules.with(before, bound), now);
        }
        var done = new ArrayList<String>();
        for (String alias : bound) {
            if (!aliases.bind(app, alias, before.getEndpointId(), now)) {
                ProfileRows.write(connection, app, ProfileRules.with(before, done), now);
                return "alias " + alias + ": has " + ProfileRules.MAX_ENDPOINTS
                        + " endpoints (expected: fewer; unbind one first)";
            }
            done.add(alias);
        }
        return null;
    }

    private static Profile limit(long endpoint, String reason) {
        return Profile.newBuilder().setCode(Profile.Code.LIMIT).setReason(reason).setEndpointId(endpoint).build();
    }

    /** The profile of an active endpoint of the app (0 = whichever), or NO_ENDPOINT. */
    public Profile get(long endpoint, int app) throws SQLException {
        try (Connection connection = shards.of(Slots.of(endpoint)).connect()) {
            return ProfileRows.app(connection, endpoint, app) == 0
                    ? Profile.newBuilder().setCode(Profile.Code.NO_ENDPOINT).setEndpointId(endpoint).build()
                    : ProfileRows.read(connection, endpoint);
        }
    }

    /** The endpoints of an alias, by id. */
    public AliasReply find(AliasRequest request) throws SQLException {
        return AliasReply.newBuilder().addAllEndpointIds(aliases.find(request.getAppId(), request.getAlias())).build();
    }

    /** Removes profile and aliases of an endpoint that is marked gone; repeated, it goes on where it stopped. */
    public void forget(long endpoint, int app) throws SQLException {
        locked(endpoint, connection -> {
            for (String alias : ProfileRows.read(connection, endpoint).getAliasesList()) {
                aliases.unbind(app, alias, endpoint);
            }
            ProfileRows.delete(connection, endpoint);
            return true;
        });
    }
}
