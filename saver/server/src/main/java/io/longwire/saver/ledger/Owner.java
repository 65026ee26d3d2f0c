package io.longwire.saver.ledger;

import com.google.protobuf.ByteString;

/**
 * Whose message it is.
 *
 * @param app 0 = the ledger does not know the message
 * @param trace empty = it has none
 */
public record Owner(int app, ByteString trace) {
    static final Owner NOBODY = new Owner(0, ByteString.EMPTY);
}
