package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.PullReceiptsReply;
import io.longwire.rpc.center.PullReceiptsRequest;
import java.time.Duration;
import java.util.List;

/**
 * Reads receipts in order and keeps how far it is: asking for the next page says that the one before was handled.
 * After a crash the last page comes again, so handle a receipt twice as if once. Used by one thread.
 *
 * <pre>{@code
 * var receipts = push.receipts(CursorStore.file(Path.of("receipts.cursor")));
 * while (running) {
 *     receipts.next(Duration.ofSeconds(30)).forEach(this::handle);
 * }
 * }</pre>
 */
public final class Receipts {
    private static final int PAGE = 1000;
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final Calls calls;
    private final CursorStore store;
    private String kept;
    private String cursor;

    Receipts(Calls calls, CursorStore store) {
        this.calls = calls;
        this.store = store;
        this.kept = store.load();
        this.cursor = kept;
    }

    /**
     * The next page, up to 1000. Blocks until there is one; an empty page after {@code wait}. Throws {@link
     * io.longwire.center.client.call.BackendException}, and goes on from the same place when called again.
     */
    public List<Receipt> next(Duration wait) {
        commit();
        var page = new Answer<PullReceiptsReply>();
        pull(page, calls.nanos() + wait.toNanos());
        PullReceiptsReply reply = page.await();
        cursor = reply.getCursor().isEmpty() ? cursor : reply.getCursor();
        return reply.getReceiptsList().stream().map(Receipt::of).toList();
    }

    /** Keeps that the page before was handled, without asking for another one; before the process ends. */
    public void commit() {
        if (!cursor.equals(kept)) {
            store.save(cursor);
            kept = cursor;
        }
    }

    private void pull(Answer<PullReceiptsReply> page, long endNanos) {
        if (page.isDone()) {
            return;
        }
        var request = PullReceiptsRequest.newBuilder().setCursor(cursor).setLimit(PAGE).build();
        calls.call(CenterGrpc.getPullReceiptsMethod(), request, Repeat.ALWAYS).whenComplete((reply, failure) -> {
            if (failure != null) {
                page.completeExceptionally(failure);
                return;
            }
            long left = endNanos - calls.nanos();
            if (reply.getReceiptsCount() > 0 || left <= 0) {
                page.complete(reply);
            } else {
                calls.after(Duration.ofNanos(Math.min(left, BETWEEN.toNanos())), () -> pull(page, endNanos));
            }
        });
    }
}
