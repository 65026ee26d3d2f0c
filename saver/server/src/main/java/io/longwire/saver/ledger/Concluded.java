package io.longwire.saver.ledger;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.How;

/**
 * What became of an end, and what the ledger knows of the message; app 0 with NO_MESSAGE.
 *
 * @param kind see {@link MessageKind}; 0 when only the end was left of it
 * @param ref see {@link MessageRow}; 0 when only the end was left of it
 * @param bytes of its envelope; 0 when only the end was left of it
 * @param how the end that counts
 * @param code of the end that counts
 * @param trace empty = it has none
 */
public record Concluded(Ended ended, int app, int kind, long ref, int bytes, How how, int code,
        ByteString trace) {
    static final Concluded NO_MESSAGE = new Concluded(Ended.NO_MESSAGE, 0, 0, 0, 0, How.NONE, 0);

    /** Of a message without a trace. */
    public Concluded(Ended ended, int app, int kind, long ref, int bytes, How how, int code) {
        this(ended, app, kind, ref, bytes, how, code, ByteString.EMPTY);
    }
}
