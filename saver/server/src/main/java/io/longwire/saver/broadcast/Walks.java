package io.longwire.saver.broadcast;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListChangesReply;
import io.longwire.rpc.saver.ListChangesRequest;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.ledger.Tuples;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Leases of walks. A walk belongs to one center at a time: the epoch of its lease grows whenever another one takes it,
 * and a report under an older epoch changes nothing. Leases may be called every second by every center: while nothing
 * is walked it is two indexed reads; a center's own leases are renewed when half of their time is over. Where there are
 * more walks than an answer may have, those whose lease is the oldest come first, so all get their turn: what a center
 * is not given again runs out. The walks of a broadcast to a list are its ranges: made with it, of no room, and given
 * out {@value #RANGES_AT_ONCE} a lease, so that several centers share them. Nothing blocks the caller; futures fail
 * with StoreFailure or IllegalArgumentException.
 */
public final class Walks {
    private static final int MOST = 1_000;
    private static final int MOST_ROOMS = 10_000;
    private static final int MOST_RUNNING = 1_000;
    private static final int RANGES_AT_ONCE = 16; // of lists, that a center did not have before
    private static final int MAX_CENTER = 120;
    private static final int MAX_BYTES = 2 * BroadcastRows.PAGE_BYTES;
    /** How long a finished walk counts for its room: numbers of rooms are free again after a day. */
    private static final Duration FINISHED = Duration.ofHours(20);
    /** For so long every center is told of a change: whoever made it may have died before it told the rooms. */
    static final Duration CHANGED = Duration.ofSeconds(15);
    /** So much longer a walk of a paused broadcast waits for its turn than one that goes on. */
    private static final long PAUSED_WAITS = Duration.ofSeconds(30).toMillis();

    private final Shard shard;
    private final ColdCalls calls;
    private final Clock clock;
    private final Metrics metrics;
    // Walks that are known to be in the table; they leave it only long after their broadcast is over.
    private final Cache<WalkRow.Key, Boolean> made;

    public Walks(Shard first, ColdCalls calls, Clock clock, Metrics metrics) {
        this.shard = first;
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
        this.made = Caffeine.newBuilder().maximumSize(200_000).expireAfterWrite(Duration.ofHours(1))
                .ticker(clock::nanos).build();
    }

    /**
     * Makes the walks of these rooms that are missing, and leases up to {@code limit} that are not done, or of a canary
     * that is not over: of the caller's own and those nobody has, the oldest lease first. Those of a room that is not
     * among these are leased too: whoever gets one finds out whether that room is gone; if it was taken for gone and is
     * among these, its walk is leased again. Each broadcast stands in full in its first walk, then by its id alone.
     */
    public CompletableFuture<LeaseWalksReply> lease(LeaseWalksRequest request) {
        try {
            check(request.getCenter(), request.getLeaseMs(), request.getRoomsCount(), MOST_ROOMS, "rooms");
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                long now = clock.wallMillis();
                Map<Long, Stage> running = running(connection, now);
                LeaseWalksReply leased = running.isEmpty()
                        ? LeaseWalksReply.getDefaultInstance()
                        : lease(connection, request, running, now);
                List<Broadcast> changed = BroadcastRows.changed(connection, now - CHANGED.toMillis());
                return changed.isEmpty() ? leased : leased.toBuilder().addAllChanged(changed).build();
            }
        });
    }

    /** What was changed of late; one indexed read. It may be asked several times a second by every center. */
    public CompletableFuture<ListChangesReply> changes(ListChangesRequest request) {
        int within = request.getWithinMs();
        if (within < 1 || within > CHANGED.toMillis()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("within_ms: "
                    + Integer.toUnsignedString(within) + " (expected: 1 to " + CHANGED.toMillis() + ")"));
        }
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                return ListChangesReply.newBuilder()
                        .addAllBroadcasts(BroadcastRows.changed(connection, clock.wallMillis() - within)).build();
            }
        });
    }

    private static void check(String center, int leaseMillis, int count, int most, String what) {
        if (center.isEmpty() || center.length() > MAX_CENTER || !center.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "center: " + center + " (expected: 1 to " + MAX_CENTER + " visible ASCII characters)");
        }
        if (leaseMillis < 1_000 || leaseMillis > 60_000) {
            throw new IllegalArgumentException("lease_ms: " + leaseMillis + " (expected: 1000 to 60000)");
        }
        if (count > most) {
            throw new IllegalArgumentException(what + ": " + count + " (expected: at most " + most + ")");
        }
    }

    private record Stage(int number, boolean goes, boolean toList) {
    }

    private void cut(String why) {
        metrics.counter(SaverMetric.WALKS_CUT, "why", why).increment();
    }

    /** The stages of the broadcasts that are walked now, by id; any of them where they are too many. */
    private Map<Long, Stage> running(Connection connection, long now) throws SQLException {
        var running = new TreeMap<Long, Stage>();
        try (PreparedStatement select = connection.prepareStatement("SELECT broadcast_id, stage, state, list_id"
                + " FROM broadcast WHERE state IN (2, 3) AND expire_at > ? ORDER BY state, RAND() LIMIT "
                + (MOST_RUNNING + 1))) {
            select.setLong(1, now);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (running.size() == MOST_RUNNING) {
                        cut("broadcasts");
                        break;
                    }
                    running.put(row.getLong(1),
                            new Stage(row.getInt(2), row.getInt(3) == Broadcast.State.RUNNING_VALUE,
                                    row.getLong(4) != 0));
                }
            }
        }
        return running;
    }

    private LeaseWalksReply lease(Connection connection, LeaseWalksRequest request, Map<Long, Stage> running,
            long now) throws SQLException {
        make(connection, running, request);
        List<WalkRow> wanted = candidates(connection, request, running, now);
        Map<Long, Broadcast> broadcasts = BroadcastRows.all(connection,
                wanted.stream().map(row -> row.walk().getBroadcastId()).collect(Collectors.toSet()));
        wanted = fitting(wanted, broadcasts);
        long fresh = now + request.getLeaseMs() / 2;
        List<WalkRow> due = wanted.stream()
                .filter(row -> !row.center().equals(request.getCenter()) || row.leasedUntil() < fresh
                        || (row.done() && !row.isAskedOn()))
                .toList();
        var leased = new ArrayList<>(wanted);
        leased.removeAll(new HashSet<>(due));
        if (!due.isEmpty()) {
            leased.addAll(Transaction.on(connection, tx -> take(tx, due, request, now)));
        }
        return reply(leased.stream().map(WalkRow::walk).toList(), broadcasts).toBuilder()
                .addAllWalked(walked(connection, running)).build();
    }

    private void make(Connection connection, Map<Long, Stage> running, LeaseWalksRequest request)
            throws SQLException {
        List<Integer> rooms = request.getRoomsList();
        var missing = new ArrayList<WalkRow.Key>();
        running.forEach((broadcast, stage) -> {
            for (int room : stage.toList() ? List.<Integer>of() : rooms) {
                var key = new WalkRow.Key(broadcast, stage.number(), room);
                if (made.getIfPresent(key) == null) {
                    missing.add(key);
                }
            }
        });
        if (!missing.isEmpty()) {
            WalkRows.make(connection, missing, instances(request));
            missing.forEach(key -> made.put(key, true));
        }
    }

    private static Map<Integer, String> instances(LeaseWalksRequest request) {
        var instances = new HashMap<Integer, String>();
        for (int i = 0; i < request.getInstancesCount() && i < request.getRoomsCount(); i++) {
            String name = request.getInstances(i);
            instances.put(request.getRooms(i), name.substring(0, Math.min(name.length(), MAX_CENTER)));
        }
        return instances;
    }

    private List<WalkRow> candidates(Connection connection, LeaseWalksRequest request,
            Map<Long, Stage> running, long now) throws SQLException {
        List<WalkRow> ranges = freeRanges(connection, request, running, now);
        int limit = most(request) - ranges.size();
        List<Integer> rooms = request.getRoomsList();
        String again = rooms.isEmpty()
                ? ""
                : " OR (chunks = 0 AND room IN (" + Tuples.of("?", rooms.size()) + ") AND (done = 2 OR done_at < ?))";
        List<Long> paused = paused(running);
        try (PreparedStatement select = connection.prepareStatement(WalkRows.COLUMNS + " WHERE (broadcast_id, stage)"
                + " IN (" + Tuples.of("(?,?)", running.size()) + ")"
                + " AND ((leased_until <= ? AND chunks = 0) OR center = ?)"
                + " AND (done = 0 OR (done = 1 AND stage = 0)" + again + ") ORDER BY leased_until" + later(paused)
                + " LIMIT " + (limit + 1))) {
            int at = 1;
            at = name(select, at, running);
            select.setLong(at++, now);
            select.setString(at++, request.getCenter());
            for (int room : rooms) {
                select.setLong(at++, Integer.toUnsignedLong(room));
            }
            if (!rooms.isEmpty()) {
                select.setLong(at++, now - FINISHED.toMillis());
            }
            for (long broadcast : paused) {
                select.setLong(at++, broadcast);
            }
            List<WalkRow> rows = WalkRows.all(select);
            if (rows.size() > limit) {
                cut("limit");
            }
            ranges.addAll(rows.subList(0, Math.min(rows.size(), limit)));
            return ranges;
        }
    }

    /** Ranges of lists that another center does not have, few at once, so that all centers get some. */
    private static List<WalkRow> freeRanges(Connection connection, LeaseWalksRequest request,
            Map<Long, Stage> running, long now) throws SQLException {
        var lists = new TreeMap<>(running);
        lists.values().removeIf(stage -> !stage.toList());
        if (lists.isEmpty()) {
            return new ArrayList<>();
        }
        List<Long> paused = paused(lists);
        try (PreparedStatement select = connection.prepareStatement(WalkRows.COLUMNS + " WHERE (broadcast_id, stage)"
                + " IN (" + Tuples.of("(?,?)", lists.size()) + ") AND leased_until <= ? AND center <> ?"
                + " AND chunks > 0 AND done = 0 ORDER BY leased_until" + later(paused) + " LIMIT "
                + Math.min(most(request), RANGES_AT_ONCE))) {
            int at = name(select, 1, lists);
            select.setLong(at++, now);
            select.setString(at++, request.getCenter());
            for (long broadcast : paused) {
                select.setLong(at++, broadcast);
            }
            return WalkRows.all(select);
        }
    }

    private static int most(LeaseWalksRequest request) {
        return request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
    }

    private static List<Long> paused(Map<Long, Stage> running) {
        return running.entrySet().stream().filter(each -> !each.getValue().goes()).map(Map.Entry::getKey).toList();
    }

    private static String later(List<Long> paused) {
        return paused.isEmpty()
                ? ""
                : " + IF(broadcast_id IN (" + Tuples.of("?", paused.size()) + "), " + PAUSED_WAITS + ", 0)";
    }

    private static int name(PreparedStatement select, int first, Map<Long, Stage> running) throws SQLException {
        int at = first;
        for (Map.Entry<Long, Stage> each : running.entrySet()) {
            select.setLong(at++, each.getKey());
            select.setInt(at++, each.getValue().number());
        }
        return at;
    }

    /** Those that go on and have no open walk of their stage: somebody has to say what comes next. */
    private static List<Long> walked(Connection connection, Map<Long, Stage> running) throws SQLException {
        var left = new TreeSet<Long>();
        running.forEach((broadcast, stage) -> {
            if (stage.goes()) {
                left.add(broadcast);
            }
        });
        try (PreparedStatement select = connection.prepareStatement("SELECT DISTINCT broadcast_id FROM walk"
                + " WHERE done = 0 AND (broadcast_id, stage) IN (" + Tuples.of("(?,?)", running.size()) + ")")) {
            name(select, 1, running);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    left.remove(row.getLong(1));
                }
            }
        }
        return List.copyOf(left);
    }

    /** Those whose broadcasts have room in an answer; what has none is older than these the next time. */
    private List<WalkRow> fitting(List<WalkRow> wanted, Map<Long, Broadcast> broadcasts) {
        var counted = new HashSet<Long>();
        var fitting = new ArrayList<WalkRow>();
        long bytes = 0;
        for (WalkRow row : wanted) {
            long id = row.walk().getBroadcastId();
            Broadcast broadcast = broadcasts.get(id);
            if (broadcast == null) {
                continue;
            }
            int more = counted.contains(id) ? 0 : broadcast.getSerializedSize();
            if (bytes + more <= MAX_BYTES) {
                bytes += more;
                counted.add(id);
                fitting.add(row);
            }
        }
        if (fitting.size() < wanted.size()) {
            cut("bytes");
        }
        return fitting;
    }

    private List<WalkRow> take(Connection connection, List<WalkRow> due, LeaseWalksRequest request, long now)
            throws SQLException {
        String center = request.getCenter();
        var taken = new ArrayList<WalkRow>();
        Set<Integer> living = Set.copyOf(request.getRoomsList());
        for (WalkRow there : WalkRows.lock(connection, due.stream().map(WalkRow::key).toList())) {
            WalkRow row = there.mayBeAnothers(living, now - FINISHED.toMillis()) ? there.reopened() : there;
            boolean own = row.center().equals(center);
            if ((!row.done() || row.isAskedOn()) && (own || row.leasedUntil() <= now)) {
                taken.add(row.leased(center, now + request.getLeaseMs()));
                if (!own) {
                    metrics.counter(SaverMetric.WALKS_LEASED, "kind", row.center().isEmpty() ? "first" : "again")
                            .increment();
                }
            }
        }
        WalkRows.write(connection, taken);
        return taken;
    }

    /**
     * Keeps what the center that has the lease reports, and renews it. Aligned: the walk with the broadcast as it is
     * now; without one where the lease is another's by now, or there is no such walk. Each broadcast stands in full in
     * its first walk, then by its id alone.
     */
    public CompletableFuture<LeaseWalksReply> report(ReportWalksRequest request) {
        try {
            check(request.getCenter(), request.getLeaseMs(), request.getWalksCount(), MOST, "walks");
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        return calls.call(() -> {
            if (request.getWalksCount() == 0) {
                return LeaseWalksReply.getDefaultInstance();
            }
            try (Connection connection = shard.connect()) {
                List<Walk> walks = Transaction.on(connection, tx -> report(tx, request));
                return reply(walks, BroadcastRows.all(connection, walks.stream().filter(walk -> walk.getEpoch() != 0)
                        .map(Walk::getBroadcastId).collect(Collectors.toSet())));
            }
        });
    }

    // Epoch 0, which no lease has, marks those that are refused.
    private List<Walk> report(Connection connection, ReportWalksRequest request) throws SQLException {
        long now = clock.wallMillis();
        var there = new HashMap<WalkRow.Key, WalkRow>();
        WalkRows.lock(connection, request.getWalksList().stream().map(WalkRow.Key::of).toList())
                .forEach(row -> there.put(row.key(), row));
        var changed = new TreeMap<WalkRow.Key, WalkRow>();
        var answers = new ArrayList<Walk>();
        for (Walk walk : request.getWalksList()) {
            WalkRow.Key key = WalkRow.Key.of(walk);
            WalkRow row = there.get(key);
            if (row == null || !row.leasedBy(request.getCenter(), walk.getEpoch())) {
                metrics.counter(SaverMetric.WALKS_FENCED).increment();
                answers.add(Walk.newBuilder().setBroadcastId(walk.getBroadcastId()).setStage(walk.getStage())
                        .setRoomIncarnation(walk.getRoomIncarnation()).build());
                continue;
            }
            WalkRow merged = row.reported(walk, now, now + request.getLeaseMs());
            there.put(key, merged);
            changed.put(key, merged);
            answers.add(merged.walk());
        }
        WalkRows.write(connection, List.copyOf(changed.values()));
        return answers;
    }

    private static LeaseWalksReply reply(List<Walk> walks, Map<Long, Broadcast> broadcasts) {
        var told = new HashSet<Long>();
        var reply = LeaseWalksReply.newBuilder();
        for (Walk walk : walks) {
            Broadcast broadcast = walk.getEpoch() == 0 ? null : broadcasts.get(walk.getBroadcastId());
            if (broadcast == null) {
                reply.addWalks(walk);
            } else if (told.add(walk.getBroadcastId())) {
                reply.addWalks(walk.toBuilder().setBroadcast(broadcast));
            } else {
                reply.addWalks(walk.toBuilder()
                        .setBroadcast(Broadcast.newBuilder().setBroadcastId(walk.getBroadcastId())));
            }
        }
        return reply.build();
    }
}
