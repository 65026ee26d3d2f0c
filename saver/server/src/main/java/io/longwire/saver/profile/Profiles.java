package io.longwire.saver.profile;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes and reads profiles. The profile is a row on the endpoint's shard, an alias a row on the shard of its hash;
 * both are changed one after the other under a lock of the endpoint, so that the profile always names every alias the
 * endpoint has: a new alias is written into the profile first, one that goes leaves it last. Whoever dies in between
 * leaves what the same update, repeated, completes, and what the deletion of the endpoint finds. Endpoints that lose an
 * alias to another one lose its row with that binding, and its name in their profile and their session right after it,
 * each under its own lock, unless it has taken the alias back by then. Methods block and run on cold-call threads.
 */
public final class Profiles {
    private static final Logger LOG = LoggerFactory.getLogger(Profiles.class);
    private static final String PLATFORM = "platform"; // the attribute that one_per_platform goes by

    private final Shards shards;
    private final AliasRules rules;
    private final Aliases aliases;
    private final Clock clock;

    public Profiles(Shards shards, AliasRules rules, Clock clock) {
        this.shards = shards;
        this.rules = rules;
        this.aliases = new Aliases(shards, rules);
        this.clock = clock;
    }

    private record Loss(int app, long endpoint, String alias) {
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

    /**
     * All of the update; or LIMIT or ALIAS_REFUSED and nothing of it but aliases that were bound before the one that is
     * refused. Throws StoreFailure BUSY while another endpoint binds the alias.
     */
    public Profile update(ProfileUpdate update) throws SQLException {
        String objection = ProfileRules.objection(update);
        if (objection != null) {
            return refused(Profile.Code.LIMIT, update.getEndpointId(), objection);
        }
        var losses = new ArrayList<Loss>();
        try {
            return locked(update.getEndpointId(), connection -> update(connection, update, losses));
        } finally {
            losses.forEach(this::tell);
        }
    }

    // The binding stands, or nobody knows: nothing of this may fail it.
    private void tell(Loss loss) {
        try {
            locked(loss.endpoint, connection -> {
                Profile before = ProfileRows.read(connection, loss.endpoint);
                return stands(loss) && before.getAliasesList().contains(loss.alias)
                        ? ProfileRows.write(connection, loss.app, ProfileRules.without(before, List.of(loss.alias)),
                                clock.wallMillis())
                        : before;
            });
        } catch (SQLException unchanged) {
            LOG.warn("endpoint {}: its profile still shows an alias that another one has: {}",
                    Long.toUnsignedString(loss.endpoint), unchanged.getMessage());
        }
        rules.losers().lost(loss.endpoint, loss.alias, () -> stands(loss));
    }

    private boolean stands(Loss loss) throws SQLException {
        return !aliases.find(loss.app, loss.alias).contains(loss.endpoint);
    }

    private Profile update(Connection connection, ProfileUpdate update, List<Loss> losses) throws SQLException {
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
            return refused(Profile.Code.LIMIT, endpoint, excess);
        }
        Profile whole = ProfileRules.with(ProfileRules.changed(before, update), bound);
        @Nullable
        Profile refusal = bind(connection, app, before, update, goal.getAttributesOrDefault(PLATFORM, ""), losses);
        if (refusal != null) {
            return refusal;
        }
        for (String alias : gone) {
            aliases.unbind(app, alias, endpoint);
        }
        Profile after = ProfileRules.without(whole, gone);
        return after.equals(before) ? before : ProfileRows.write(connection, app, after, clock.wallMillis());
    }

    // Profile first. An alias that is refused goes out of it again; null = all are bound.
    private @Nullable Profile bind(Connection connection, int app, Profile before, ProfileUpdate update,
            String platform, List<Loss> losses) throws SQLException {
        List<String> bound = ProfileRules.bound(update);
        long now = clock.wallMillis();
        if (!before.getAliasesList().containsAll(bound)) {
            ProfileRows.write(connection, app, ProfileRules.with(before, bound), now);
        }
        var done = new ArrayList<String>();
        for (String alias : bound) {
            Bound binding = aliases.bind(new Aliases.Wish(app, alias, before.getEndpointId(), platform,
                    now - ProfileRules.ageMillis(update, alias)), now,
                    loser -> losses.add(new Loss(app, loser, alias)));
            if (binding.refused()) {
                ProfileRows.write(connection, app, ProfileRules.with(before, done), now);
                return refused(alias, before.getEndpointId(), binding);
            }
            done.add(alias);
        }
        return null;
    }

    private static Profile refused(String alias, long endpoint, Bound result) {
        return switch (result) {
            case BANNED -> refused(Profile.Code.ALIAS_REFUSED, endpoint,
                    "alias " + alias + ": banned (expected: one that is not)");
            case TAKEN -> refused(Profile.Code.ALIAS_REFUSED, endpoint,
                    "alias " + alias + ": another endpoint has it (expected: none; unbind it first)");
            case LATE -> refused(Profile.Code.ALIAS_REFUSED, endpoint,
                    "alias " + alias + ": another endpoint bound it since (expected: a newer sign-in)");
            case BUSY -> throw new StoreFailure(StoreFailure.Kind.BUSY,
                    "alias " + alias + ": being bound (expected: one binding at a time; ask again)");
            case FULL, DONE, HAD -> refused(Profile.Code.LIMIT, endpoint, "alias " + alias + ": has "
                    + ProfileRules.MAX_ENDPOINTS + " endpoints (expected: fewer; unbind one first)");
        };
    }

    private static Profile refused(Profile.Code code, long endpoint, String reason) {
        return Profile.newBuilder().setCode(code).setReason(reason).setEndpointId(endpoint).build();
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
