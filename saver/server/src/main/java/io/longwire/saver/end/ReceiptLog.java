package io.longwire.saver.end;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.ReceiptKind;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** Where receipts are kept for the products that want them. Never blocks. */
public interface ReceiptLog {
    /** What is to be waited for where nobody wants a receipt. */
    CompletableFuture<@Nullable Void> NOTHING = CompletableFuture.completedFuture(null);

    /**
     * Completes when the receipt is kept, at once if the app wants none; fails with StoreFailure, and may then be kept.
     *
     * @param trace of the message; empty = it has none
     * @param code of FAILED: 100 x How + code of the end, see {@link EndEffects}; else the device's ack status, or 0
     * @param atMs unix ms
     */
    CompletableFuture<@Nullable Void> add(int app, long endpoint, long message, ByteString trace, ReceiptKind kind,
            int code,
            long atMs);
}
