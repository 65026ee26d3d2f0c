package io.longwire.saver.inbox;

import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.MessageRow;
import java.nio.ByteBuffer;

/**
 * A message as it stands in an inbox: expiry (8 bytes, unix ms), app (4), flags (1), the hash of its collapse key (8,
 * if it has one), envelope. The scripts read the expiry, the lowest flag and the hash; keep them where they are.
 */
final class InboxValue {
    private static final int HEADER_BYTES = 13;
    private static final int KEYED = 1; // the scripts take an odd byte for it
    private static final int HEADLESS = 2;
    private static final int FAST = 4;
    private static final int REVOKE = 8;

    private InboxValue() {
    }

    static byte[] of(MessageRow row) {
        byte[] body = row.body();
        long collapse = row.collapse();
        int flags = (collapse != 0 ? KEYED : 0) | (MessageKind.headless(row.kind()) ? HEADLESS : 0)
                | (MessageKind.fast(row.kind()) ? FAST : 0) | (MessageKind.revoke(row.kind()) ? REVOKE : 0);
        var value = ByteBuffer.allocate(HEADER_BYTES + (collapse != 0 ? Long.BYTES : 0) + body.length)
                .putLong(row.expireAt()).putInt(row.app()).put((byte) flags);
        if (collapse != 0) {
            value.putLong(collapse);
        }
        return value.put(body).array();
    }

    static Waiting waiting(long message, byte[] value, int attempts) {
        var header = ByteBuffer.wrap(value);
        long expireAt = header.getLong();
        int app = header.getInt();
        int flags = header.get();
        long collapse = (flags & KEYED) != 0 ? header.getLong() : 0;
        var envelope = new byte[header.remaining()];
        header.get(envelope);
        return new Waiting(message, expireAt, app, attempts, envelope, (flags & HEADLESS) != 0, collapse,
                (flags & FAST) != 0, (flags & REVOKE) != 0);
    }
}
