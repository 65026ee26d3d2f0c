package io.longwire.saver.broadcast;

import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.rpc.saver.Walk;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.list.ListAcks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * How far a broadcast is: sums over its walks, and the bits of its notes; of one to a list, its slices' acks, which are
 * counted as it is looked at.
 */
public final class ReadProgress {
    private final Shard shard;
    private final ColdCalls calls;
    private final ListAcks acks;

    public ReadProgress(Shard first, ColdCalls calls, ListAcks acks) {
        this.shard = first;
        this.calls = calls;
        this.acks = acks;
    }

    /** Its progress; with a broadcast in state ABSENT if there is none. Fails with StoreFailure. */
    public CompletableFuture<BroadcastProgress> read(BroadcastRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                return read(connection, request.getAppId(), request.getBroadcastId());
            }
        }).thenApply(progress -> {
            Broadcast broadcast = progress.getBroadcast();
            if (broadcast.getListId() != 0) {
                acks.look(broadcast.getAppId(), broadcast.getBroadcastId());
            }
            return progress;
        });
    }

    /** The same on a connection to the first shard. Blocks. */
    static BroadcastProgress read(Connection connection, int app, long id) throws SQLException {
        Broadcast broadcast = BroadcastRows.get(connection, app, id);
        var progress = BroadcastProgress.newBuilder().setBroadcast(broadcast);
        if (broadcast.getBroadcastId() != 0) {
            walks(connection, broadcast, progress);
            if (broadcast.getListId() == 0) {
                notes(connection, broadcast, progress);
            } else {
                progress.setAcked(ListAcks.sum(connection, id));
            }
        }
        return progress.build();
    }

    private static void walks(Connection connection, Broadcast broadcast, BroadcastProgress.Builder progress)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WalkRows.COLUMNS + " WHERE broadcast_id = ?")) {
            select.setLong(1, broadcast.getBroadcastId());
            List<WalkRow> rows = WalkRows.all(select);
            Set<WalkRow.Key> again = walkedAgain(rows, WalkRows.instances(connection, broadcast.getBroadcastId()));
            rows.forEach(row -> add(progress, row.walk(), again.contains(row.key())));
            List<WalkRow> stage = rows.stream().filter(row -> row.walk().getStage() == broadcast.getStage()).toList();
            int done = (int) stage.stream().filter(WalkRow::done).count();
            progress.setRooms(stage.size()).setRoomsFinished(done);
            progress.setFirstWrittenMs(
                    rows.stream().mapToLong(WalkRow::firstWritten).filter(at -> at > 0).min().orElse(0));
            if (done > 0 && done == stage.size()) {
                progress.setFinishedMs(stage.stream().mapToLong(WalkRow::doneAt).max().orElse(0));
            }
        }
    }

    // A room that restarts has its sessions visited once more: of its walks of a stage the last one tells of them.
    private static Set<WalkRow.Key> walkedAgain(List<WalkRow> rows, Map<WalkRow.Key, String> instances) {
        var last = new HashMap<String, WalkRow>();
        var again = new HashSet<WalkRow.Key>();
        for (WalkRow row : rows) {
            String instance = instances.get(row.key());
            if (instance != null) {
                WalkRow other = last.putIfAbsent(row.walk().getStage() + " " + instance, row);
                if (other != null) {
                    boolean later = !row.done() || (other.done() && row.doneAt() > other.doneAt());
                    again.add(later ? other.key() : row.key());
                    last.put(row.walk().getStage() + " " + instance, later ? row : other);
                }
            }
        }
        return again;
    }

    // The sessions of a room that is gone are somebody else's by now, and counted there; what was written stays so.
    private static void add(BroadcastProgress.Builder sum, Walk walk, boolean again) {
        if (!walk.getGone() && !again) {
            sum.setTotal(sum.getTotal() + walk.getTotal()).setVisited(sum.getVisited() + walk.getVisited())
                    .setSeen(sum.getSeen() + walk.getSeen())
                    .setNotInAudience(sum.getNotInAudience() + walk.getNotInAudience())
                    .setBehind(sum.getBehind() + walk.getBehind());
        }
        sum.setWritten(sum.getWritten() + walk.getWritten())
                .setDroppedAfter(sum.getDroppedAfter() + walk.getDroppedAfter());
        walk.getFailedMap()
                .forEach((status, count) -> sum.putFailed(status, sum.getFailedOrDefault(status, 0) + count));
    }

    private static void notes(Connection connection, Broadcast broadcast, BroadcastProgress.Builder progress)
            throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT kind, SUM(n) FROM bcast_note WHERE broadcast_id = ? GROUP BY kind")) {
            select.setLong(1, broadcast.getBroadcastId());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long bits = row.getLong(2);
                    switch (row.getInt(1)) {
                        case NoteKind.NOTE_ACKED_VALUE -> progress.setAcked(bits);
                        case NoteKind.NOTE_SHOWN_VALUE -> progress.setShown(bits);
                        default -> progress.setClicked(bits);
                    }
                }
            }
        }
    }
}
