package io.longwire.saver.broadcast;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.client.audience.AudienceRules;
import io.longwire.room.client.audience.ProfileCondition;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.ledger.Tuples;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Which conditions on profiles hold for some endpoints: one statement for each shard and {@value #CHUNK} of them. An
 * endpoint that is not the app's, or has no profile, has an empty one. Never cached. Nothing blocks the caller.
 */
public final class Matches {
    private static final int MOST = 1_000;
    private static final int CHUNK = 500; // MariaDB makes a table of lists from 1000 on
    private static final String PROFILES = "SELECT ep, body, 0, 0, 0 FROM profile WHERE app = ? AND (slot, ep) IN (";
    private static final String WITH_SEEN = "SELECT e.ep, p.body, " + Away.COLUMNS + " FROM endpoint e"
            + " LEFT JOIN profile p ON p.slot = e.slot AND p.ep = e.ep WHERE e.app = ? AND (e.slot, e.ep) IN (";

    private final Shards shards;
    private final ColdCalls calls;
    private final Clock clock;
    private final Metrics metrics;

    public Matches(Shards shards, ColdCalls calls, Clock clock, Metrics metrics) {
        this.shards = shards;
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Aligned with the endpoints: bit i = condition i. Fails with IllegalArgumentException or StoreFailure.
     *
     * @param left whether the caller waits no more: then no further statement is made for it
     */
    public CompletableFuture<MatchProfilesReply> match(MatchProfilesRequest request, BooleanSupplier left) {
        try {
            check(request);
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        List<Audience> conditions = request.getConditionsList();
        String sql = Away.isAsked(conditions) ? WITH_SEEN : PROFILES;
        Map<Long, Long> since = since(request);
        return calls.call(() -> {
            var bits = new HashMap<Long, Integer>();
            stay(left);
            for (Map.Entry<Shard, List<Long>> each : byShard(request.getEndpointIdsList()).entrySet()) {
                try (Connection connection = each.getKey().connect()) {
                    List<Long> endpoints = each.getValue();
                    for (int from = 0; from < endpoints.size(); from += CHUNK) {
                        stay(left);
                        List<Long> some = endpoints.subList(from, Math.min(endpoints.size(), from + CHUNK));
                        metrics.counter(SaverMetric.MATCHED_ENDPOINTS).add(some.size());
                        read(connection, sql, request, some, since, bits);
                    }
                }
            }
            int none = ProfileCondition.bits(conditions, Profile.getDefaultInstance(), 0);
            var reply = MatchProfilesReply.newBuilder();
            request.getEndpointIdsList().forEach(endpoint -> reply.addHolds(bits.getOrDefault(endpoint, none)));
            return reply.build();
        });
    }

    // When those came of which the caller said for how long they are connected.
    private Map<Long, Long> since(MatchProfilesRequest request) {
        var since = new HashMap<Long, Long>();
        if (request.getOnlineSCount() == request.getEndpointIdsCount()) {
            long now = clock.wallMillis();
            for (int i = 0; i < request.getOnlineSCount(); i++) {
                since.put(request.getEndpointIds(i), now - 1_000L * Integer.toUnsignedLong(request.getOnlineS(i)));
            }
        }
        return since;
    }

    private void stay(BooleanSupplier left) {
        if (left.getAsBoolean()) {
            metrics.counter(SaverMetric.MATCHES_LEFT).increment();
            throw new StoreFailure(StoreFailure.Kind.BUSY, "match: the caller waits no more");
        }
    }

    private static void check(MatchProfilesRequest request) {
        int conditions = request.getConditionsCount();
        if (conditions == 0 || conditions > AudienceRules.PROFILE_CONDITIONS || request.getEndpointIdsCount() > MOST) {
            throw new IllegalArgumentException("conditions, endpoint_ids: " + conditions + ", "
                    + request.getEndpointIdsCount() + " (expected: 1 to " + AudienceRules.PROFILE_CONDITIONS
                    + ", at most " + MOST + ")");
        }
        for (Audience condition : request.getConditionsList()) {
            AudienceRules.check(condition);
            if (!ProfileCondition.isOne(condition)) {
                throw new IllegalArgumentException("conditions: " + condition.getAllFields().keySet()
                        + " (expected: tag, topic, aliases, attribute or away_days)");
            }
        }
    }

    private Map<Shard, List<Long>> byShard(List<Long> endpoints) {
        var byShard = new LinkedHashMap<Shard, List<Long>>();
        endpoints.stream().distinct().forEach(endpoint -> byShard
                .computeIfAbsent(shards.of(Slots.of(endpoint)), shard -> new ArrayList<>()).add(endpoint));
        return byShard;
    }

    private void read(Connection connection, String sql, MatchProfilesRequest request, List<Long> endpoints,
            Map<Long, Long> since, Map<Long, Integer> bits) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement(sql + Tuples.of("(?,?)", endpoints.size()) + ")")) {
            select.setInt(1, request.getAppId());
            int at = 2;
            for (long endpoint : endpoints) {
                select.setInt(at++, Slots.of(endpoint));
                select.setLong(at++, endpoint);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    bits.put(row.getLong(1), ProfileCondition.bits(request.getConditionsList(),
                            profile(row.getLong(1), row.getBytes(2)),
                            Away.read(row, 3).days(since.getOrDefault(row.getLong(1), 0L))));
                }
            }
        }
    }

    /** What stands in a row, which may be missing. */
    static Profile profile(long endpoint, byte @Nullable [] body) throws SQLException {
        try {
            return body == null ? Profile.getDefaultInstance() : Profile.parseFrom(body);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new SQLException("profile of " + Long.toUnsignedString(endpoint) + ": unreadable", unreadable);
        }
    }
}
