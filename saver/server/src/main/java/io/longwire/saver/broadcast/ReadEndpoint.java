package io.longwire.saver.broadcast;

import io.longwire.keeper.cluster.Slots;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.client.audience.ProfileCondition;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shards;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What is known of one endpoint and one broadcast: whether it acked, by the bits of its ordinal, and whether its
 * profile keeps it out of the audience. Four reads by primary keys and one of the walks. Nothing blocks the caller.
 */
public final class ReadEndpoint {
    private final Shards shards;
    private final ColdCalls calls;

    public ReadEndpoint(Shards shards, ColdCalls calls) {
        this.shards = shards;
        this.calls = calls;
    }

    /** With a broadcast in state ABSENT if the app has no such one. Fails with StoreFailure. */
    public CompletableFuture<BroadcastEndpoint> read(BroadcastEndpointRequest request) {
        return calls.call(() -> {
            var answer = BroadcastEndpoint.newBuilder();
            long endpoint = request.getEndpointId();
            Broadcast broadcast;
            try (Connection first = shards.first().connect()) {
                BroadcastProgress progress = ReadProgress.read(first, request.getAppId(), request.getBroadcastId());
                broadcast = progress.getBroadcast();
                answer.setProgress(progress.toBuilder().setBroadcast(broadcast.toBuilder().clearEnvelope()));
            }
            if (broadcast.getBroadcastId() == 0) {
                return answer.build();
            }
            try (Connection connection = shards.of(Slots.of(endpoint)).connect()) {
                look(connection, broadcast, endpoint, answer);
            }
            if (answer.getEndpoint().getState() != EndpointRecord.State.ABSENT) {
                try (Connection first = shards.first().connect()) {
                    notes(first, broadcast.getBroadcastId(), answer.getEndpoint().getOrd(), answer);
                }
            }
            return answer.build();
        });
    }

    private static void look(Connection connection, Broadcast broadcast, long endpoint,
            BroadcastEndpoint.Builder answer) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT e.ord, e.state, e.created_at, e.seen_at,"
                + " p.body FROM endpoint e LEFT JOIN profile p ON p.slot = e.slot AND p.ep = e.ep"
                + " AND p.app = e.app WHERE e.slot = ? AND e.ep = ? AND e.app = ?")) {
            select.setInt(1, Slots.of(endpoint));
            select.setLong(2, endpoint);
            select.setInt(3, broadcast.getAppId());
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    answer.setEndpoint(EndpointRecord.newBuilder().setEndpointId(endpoint)
                            .setAppId(broadcast.getAppId()).setOrd((int) row.getLong(1))
                            .setState(row.getInt(2) == EndpointRecord.State.ACTIVE_VALUE
                                    ? EndpointRecord.State.ACTIVE
                                    : EndpointRecord.State.GONE)
                            .setCreatedMs(row.getLong(3)).setSeenMs(row.getLong(4)));
                    CompiledAudience audience = CompiledAudience.compile(broadcast.getAudience());
                    List<Audience> conditions = audience.profileConditions();
                    int bits = ProfileCondition.bits(conditions, Matches.profile(endpoint, row.getBytes(5)), 0);
                    // for how long it was away is decided when it comes
                    answer.setOutside(
                            !Away.isAsked(conditions) && !audience.mayMatchOffline(endpoint, bits));
                }
            }
        }
    }

    private static void notes(Connection connection, long broadcast, int ord, BroadcastEndpoint.Builder answer)
            throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT kind, body FROM bcast_note WHERE broadcast_id = ?"
                        + " AND kind IN (0, 1, 2) AND chunk = ?")) {
            select.setLong(1, broadcast);
            select.setInt(2, ord >>> 16);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    boolean set = WriteNotes.read(row.getBytes(2)).contains(ord);
                    switch (row.getInt(1)) {
                        case NoteKind.NOTE_ACKED_VALUE -> answer.setAcked(set);
                        case NoteKind.NOTE_SHOWN_VALUE -> answer.setShown(set);
                        default -> answer.setClicked(set);
                    }
                }
            }
        }
    }
}
