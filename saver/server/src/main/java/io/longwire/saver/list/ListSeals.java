package io.longwire.saver.list;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.rpc.saver.SealListRequest;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.LedgerLock;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Seals lists. Under a lock of the database by the list's name, range by range, the endpoints of all parts are sorted
 * and their chunks written, by many short statements that nobody reads the results of; then one transaction makes the
 * list SEALED, if no part came meanwhile. Who dies before that has left chunks of an OPEN list, which the next one
 * deletes first. The lock is held by the connection that writes, so who lost it cannot write any more. Nothing blocks
 * the caller; futures fail with StoreFailure or ListRefusal.
 */
public final class ListSeals {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final int CHUNK = 500;

    private final Shard shard;
    private final ColdCalls looks;
    private final ColdCalls seals;
    private final Clock clock;
    private final Metrics metrics;
    private final Map<SealListRequest, CompletableFuture<AudienceList>> running = new ConcurrentHashMap<>();

    /**
     * @param looks for what is answered at once
     * @param seals how many are sealed at once
     */
    public ListSeals(Shard first, ColdCalls looks, ColdCalls seals, Clock clock, Metrics metrics) {
        this.shard = first;
        this.looks = looks;
        this.seals = seals;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** The name of the lock that who seals a list has, and who sweeps it. */
    static String lockOf(long list) {
        return "list" + list;
    }

    /**
     * Seals it, or joins who is at it, and answers it as it is then; a list that is sealed already is answered as it
     * is. BUSY: a part came meanwhile, or another saver did not end within {@link #PATIENCE}.
     */
    public CompletableFuture<AudienceList> seal(SealListRequest request) {
        var mine = new CompletableFuture<AudienceList>();
        CompletableFuture<AudienceList> before = running.putIfAbsent(request, mine);
        if (before != null) {
            return before;
        }
        looks.call(() -> look(request))
                .thenCompose(list -> list.getState() == State.OPEN
                        ? seals.call(() -> whenFree(request))
                        : CompletableFuture.completedFuture(list))
                .whenComplete((list, failure) -> {
                    running.remove(request, mine);
                    if (failure == null) {
                        mine.complete(list);
                    } else {
                        mine.completeExceptionally(failure);
                    }
                });
        return mine;
    }

    private AudienceList look(SealListRequest request) throws SQLException {
        try (Connection connection = shard.connect()) {
            return checked(connection, request).list();
        }
    }

    private AudienceList whenFree(SealListRequest request) throws SQLException {
        var sealed = new AudienceList[1];
        try (Connection connection = shard.connectForJob()) {
            boolean done = LedgerLock.within(connection, lockOf(request.getListId()), PATIENCE,
                    locked -> sealed[0] = seal(locked, request));
            if (!done) {
                throw new StoreFailure(StoreFailure.Kind.BUSY, "list: another saver seals it (expected: ask again)");
            }
        }
        return sealed[0];
    }

    /** The list as it is, looked through if it is OPEN. */
    private static ListRow checked(Connection connection, SealListRequest request) throws SQLException {
        ListRow row = ListRows.get(connection, request.getAppId(), request.getListId());
        if (row.absent() || row.list().getState() == State.SEALED) {
            return row;
        }
        row.in(State.OPEN);
        int parts = request.getParts();
        if (parts < 0 || parts > ListRules.MOST_PARTS || row.list().getParts() > parts) {
            throw new ListRefusal("parts: " + Integer.toUnsignedString(parts) + " (expected: as many as there are, "
                    + row.list().getParts() + ")");
        }
        if (row.list().getBad() > 0 && !request.getSkipBad()) {
            throw new ListRefusal("bad: " + row.list().getBad() + " lines (expected: none, or skip_bad)");
        }
        BitSet there = parts(connection, request.getListId());
        if (there.nextClearBit(0) < parts) {
            throw new ListRefusal("parts: " + there.nextClearBit(0) + " is missing (expected: 0 to " + (parts - 1)
                    + ")");
        }
        return row;
    }

    private static BitSet parts(Connection connection, long list) throws SQLException {
        var there = new BitSet();
        try (PreparedStatement select = connection
                .prepareStatement("SELECT part FROM audience_part WHERE list_id = ?")) {
            select.setLong(1, list);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    there.set(row.getInt(1));
                }
            }
        }
        return there;
    }

    private AudienceList seal(Connection connection, SealListRequest request) throws SQLException {
        ListRow row = checked(connection, request);
        if (row.list().getState() != State.OPEN) {
            return row.list();
        }
        long began = clock.nanos();
        long id = request.getListId();
        deleteChunks(connection, id);
        var sealed = row.list().toBuilder().setState(State.SEALED).addAllBadLines(ListRows.badLines(connection, id));
        long endpoints = 0;
        for (int range = 0; range < SlotOrder.RANGES; range++) {
            int size = new RangeSort(connection, id, range).run();
            endpoints += size;
            sealed.addSizes(size).addChunks(RangeSort.chunks(size));
        }
        AudienceList done = sealed.setEndpoints(endpoints).setTwice(row.given() - endpoints).build();
        Transaction.on(connection, tx -> {
            ListRow now = ListRows.lock(tx, request.getAppId(), id);
            if (now.absent() || now.in(State.OPEN).version() != row.version()) {
                throw RangeSort.changed();
            }
            ListRows.markSealed(tx, done);
            return done;
        });
        metrics.counter(SaverMetric.LISTS_SEALED).increment();
        metrics.timer(SaverMetric.LIST_SEAL_TIME).record(Duration.ofNanos(clock.nanos() - began));
        return done;
    }

    private static void deleteChunks(Connection connection, long list) throws SQLException {
        try (PreparedStatement delete = connection
                .prepareStatement("DELETE FROM audience_chunk WHERE list_id = ? LIMIT " + CHUNK)) {
            delete.setLong(1, list);
            while (delete.executeUpdate() == CHUNK) { // until there are none
            }
        }
    }
}
