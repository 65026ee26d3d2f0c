package io.longwire.register.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SessionTableThreadsTest {
    private static final int THREADS = 4;
    private static final int ENDPOINTS = 6_000;

    @Test
    void threadsThatShareSlotsLoseNothingWhileTheTablesGrowAndShrink() throws Exception {
        try (var table = new SessionTable(1_000_000, room -> true);
                var pool = Executors.newFixedThreadPool(THREADS + 1)) {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int room = i;
                work.add(() -> putAndRemove(table, room));
            }
            work.add(() -> sweepAndWalk(table));
            for (var done : pool.invokeAll(work)) {
                assertThat(done.get()).isZero();
            }

            assertThat(table.size()).isEqualTo(THREADS * ENDPOINTS / 2);
            var found = new SessionEntry();
            for (int room = 0; room < THREADS; room++) {
                for (int i = 0; i < ENDPOINTS; i++) {
                    assertThat(table.find(endpoint(room, i), found)).isEqualTo(i % 2 == 0);
                }
            }
        }
    }

    // Three slots, each with endpoints of all threads.
    private static long endpoint(int room, int i) {
        return ((long) i * THREADS + room + 1) << 12 | i % 3;
    }

    private static int putAndRemove(SessionTable table, int room) {
        var entry = new SessionEntry();
        int wrong = 0;
        for (int i = 0; i < ENDPOINTS; i++) {
            wrong += table.put(endpoint(room, i), 7, room, i, entry) == PutOutcome.STORED ? 0 : 1;
            wrong += table.find(endpoint(room, i), entry) && entry.handle() == i ? 0 : 1;
        }
        for (int i = 1; i < ENDPOINTS; i += 2) {
            wrong += table.remove(endpoint(room, i), 7, room) == RemoveOutcome.REMOVED ? 0 : 1;
        }
        return wrong;
    }

    private static int sweepAndWalk(SessionTable table) {
        int wrong = 0;
        var entry = new SessionEntry();
        for (int i = 0; i < 300; i++) {
            int[] others = {0};
            table.put((1_000_000L + i) << 12 | i % 3, 7, 100, i, entry);
            table.forEachOf(i % 3, 100, (endpointId, connSeq, room, handle) -> others[0] += room == 100 ? 0 : 1);
            wrong += others[0] + (table.sweep(i % 3, room -> room == 100) == 1 ? 0 : 1);
        }
        return wrong;
    }
}
