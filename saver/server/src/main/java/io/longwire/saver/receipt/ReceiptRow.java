package io.longwire.saver.receipt;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.ReceiptKind;

/** One receipt, as it is kept. The first one of a kind for a message and endpoint counts. */
record ReceiptRow(int app, long endpoint, long message, ByteString trace, ReceiptKind kind, int code, long at) {
}
