package io.longwire.saver.end;

import io.longwire.rpc.saver.ReceiptKind;

/** Where receipts are kept for the products that want them. Never blocks, never fails. */
public interface ReceiptLog {
    /**
     * @param code of FAILED: 100 x How + code of the end, see {@link EndEffects}; else the device's ack status, or 0
     * @param atMs unix ms
     */
    void add(int app, long endpoint, long message, ReceiptKind kind, int code, long atMs);
}
