package io.longwire.saver.partition;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/** Receipts that must be kept before the ends they tell of are written. For one thread, which it may block. */
final class Told {
    private static final int MOST = 1_000; // the queue that keeps them is bounded

    private final List<CompletableFuture<@Nullable Void>> open = new ArrayList<>();

    /** One more; waits for those before when there are many. */
    void add(CompletableFuture<@Nullable Void> receipt) throws SQLException {
        if (receipt.isDone() && !receipt.isCompletedExceptionally()) {
            return;
        }
        open.add(receipt);
        if (open.size() >= MOST) {
            await();
        }
    }

    /** Waits for all. Throws SQLException if one was not kept: then nothing of it must end yet. */
    void await() throws SQLException {
        try {
            CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException lost) {
            throw new SQLException("receipts: not kept (expected: kept before their messages end)", lost.getCause());
        }
        open.clear();
    }
}
