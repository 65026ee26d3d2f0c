package io.longwire.saver.end;

import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import java.util.concurrent.CompletableFuture;

/** The items of the rooms' ack streams: ends and receipts, and attempts that came to nothing. */
public record EndItems(Endings endings, Attempts attempts) {
    /** Never fails and never blocks: what could not be done is in the result's code. */
    public CompletableFuture<EndResult> handle(EndItem item) {
        return switch (item.getKind()) {
            case UNACKED, DEFERRED -> attempts.note(item);
            case ENDED, RECEIPT, UNRECOGNIZED -> endings.handle(item);
        };
    }
}
