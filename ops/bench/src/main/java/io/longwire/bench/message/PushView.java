package io.longwire.bench.message;

import java.nio.ByteBuffer;

/**
 * Reads of a PUSH body what the simulator needs, without an object per push. Owned by one loop; valid until the next
 * {@link #read}.
 */
public final class PushView {
    private static final int SEQ = 1 << 3;
    private static final int ENDPOINT = 2 << 3 | 1;
    private static final int MESSAGE = 3 << 3 | 1;
    private static final int PAYLOAD = 5 << 3 | 2;
    private static final int BROADCAST = 12 << 3;
    private static final int APP = 4 << 3;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private int at;
    private long seq;
    private long endpointId;
    private long messageId;
    private long broadcast;
    private long appId;
    private int payloadAt;
    private int payloadLength;

    /** Reads the body from {@code from} to {@code to}; false when it is no protobuf message. */
    public boolean read(ByteBuffer buffer, int from, int to) {
        seq = 0;
        endpointId = 0;
        messageId = 0;
        broadcast = 0;
        appId = 0;
        payloadAt = from;
        payloadLength = 0;
        at = from;
        while (at < to) {
            int tag = (int) varint(buffer, to);
            switch (tag) {
                case SEQ -> seq = varint(buffer, to);
                case APP -> appId = varint(buffer, to);
                case BROADCAST -> broadcast = varint(buffer, to);
                case ENDPOINT -> endpointId = fixed64(buffer, to);
                case MESSAGE -> messageId = fixed64(buffer, to);
                case PAYLOAD -> {
                    payloadLength = (int) varint(buffer, to);
                    payloadAt = at;
                    at += payloadLength;
                }
                default -> skip(buffer, to, tag);
            }
        }
        return at == to;
    }

    /** The length of the PUSH_BATCH item at {@code from}, whose body then begins at {@link #at}; -1 = none. */
    public int item(ByteBuffer buffer, int from, int to) {
        at = from + 1;
        if (from >= to || buffer.get(from) != (1 << 3 | BYTES)) {
            return -1;
        }
        int length = (int) varint(buffer, to);
        return length < 0 || at + length > to ? -1 : length;
    }

    /** Where the last call has stopped. */
    public int at() {
        return at;
    }

    public long seq() {
        return seq;
    }

    public long endpointId() {
        return endpointId;
    }

    public long messageId() {
        return messageId;
    }

    public long broadcast() {
        return broadcast;
    }

    public long appId() {
        return appId;
    }

    public int payloadAt() {
        return payloadAt;
    }

    public int payloadLength() {
        return payloadLength;
    }

    private long fixed64(ByteBuffer buffer, int to) {
        long value = at + 8 <= to ? Long.reverseBytes(buffer.getLong(at)) : 0;
        at += 8;
        return value;
    }

    private void skip(ByteBuffer buffer, int to, int tag) {
        switch (tag & 7) {
            case VARINT -> varint(buffer, to);
            case FIXED64 -> at += 8;
            case FIXED32 -> at += 4;
            case BYTES -> {
                int length = (int) varint(buffer, to);
                at = length < 0 ? to + 1 : at + length;
            }
            default -> at = to + 1;
        }
    }

    private long varint(ByteBuffer buffer, int to) {
        long value = 0;
        for (int shift = 0; shift < 64 && at < to; shift += 7) {
            byte b = buffer.get(at++);
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        at = to + 1;
        return -1;
    }
}
