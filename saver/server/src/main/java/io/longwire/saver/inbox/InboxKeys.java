package io.longwire.saver.inbox;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.ledger.MessageKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The keys of a slot; all carry its hash tag, so that they live on one node. */
final class InboxKeys {
    private static final byte[][] DUE = keys("d:");
    private static final byte[][] MARK = keys("m:");
    private static final byte[][] GONE = keys("g:");
    private static final byte[][] INBOX = keys("i:");
    private static final byte[][] FAST = keys("f:");

    private InboxKeys() {
    }

    /** {@code i:{sNNNN}:} and the endpoint's 8 bytes. */
    static byte[] inbox(long endpoint) {
        byte[] prefix = INBOX[Slots.of(endpoint)];
        return ByteBuffer.allocate(prefix.length + 1 + Long.BYTES).put(prefix).put((byte) ':').putLong(endpoint)
                .array();
    }

    static byte[] due(int slot) {
        return DUE[slot];
    }

    static byte[] mark(int slot) {
        return MARK[slot];
    }

    static byte[] gone(int slot) {
        return GONE[slot];
    }

    static byte[] fast(int slot) {
        return FAST[slot];
    }

    /** One message of one endpoint as a member: 16 bytes. */
    static byte[] key(MessageKey key) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(key.endpoint()).putLong(key.message()).array();
    }

    static MessageKey key(byte[] member) {
        var bytes = ByteBuffer.wrap(member);
        return new MessageKey(bytes.getLong(), bytes.getLong());
    }

    /** An endpoint or a message id as a member or field: 8 bytes, big-endian. */
    static byte[] id(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    /** The field of a collapse key's hash. */
    static byte[] collapse(long hash) {
        return ByteBuffer.allocate(1 + Long.BYTES).put((byte) 'k').putLong(hash).array();
    }

    static long id(byte[] member) {
        return ByteBuffer.wrap(member).getLong();
    }

    static byte[] text(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] number(long value) {
        return text(Long.toString(value));
    }

    private static byte[][] keys(String prefix) {
        var keys = new byte[Slots.COUNT][];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            keys[slot] = text(prefix + Slots.tag(slot));
        }
        return keys;
    }
}
