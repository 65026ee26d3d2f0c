package io.longwire.room.push;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;

/**
 * Reads of an encoded {@link Push} what the room has to know, by stepping from field to field: nothing is copied or
 * allocated, and the payload is passed over by its length.
 */
final class EnvelopeScan {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int KIND_TAG = Push.KIND_FIELD_NUMBER << 3 | VARINT;
    private static final int PAYLOAD_TAG = Push.PAYLOAD_FIELD_NUMBER << 3 | BYTES;
    private static final int ENC_TAG = Push.ENC_FIELD_NUMBER << 3 | VARINT;
    private static final long BROKEN = -1;

    private EnvelopeScan() {
    }

    /** Whether it takes back another message. One that cannot be read takes back nothing. */
    static boolean isRevoke(ByteString envelope) {
        int size = envelope.size();
        int at = 0;
        while (at < size) {
            long tag = varint(envelope, at);
            at = after(envelope, at);
            if (tag == KIND_TAG) {
                return varint(envelope, at) == PushKind.KIND_REVOKE_VALUE;
            }
            at = pass(envelope, at, (int) tag & 7);
            if (at <= 0) {
                return false;
            }
        }
        return false;
    }

    /** Whether everybody on its way can read its payload. One that cannot be read through counts as such. */
    static boolean isReadable(ByteString envelope) {
        int size = envelope.size();
        int at = 0;
        boolean payload = false;
        boolean sealed = false;
        while (at < size) {
            long tag = varint(envelope, at);
            at = after(envelope, at);
            if (tag == PAYLOAD_TAG) {
                payload = varint(envelope, at) != 0;
            } else if (tag == ENC_TAG) {
                sealed = varint(envelope, at) > 0;
            }
            at = pass(envelope, at, (int) tag & 7);
            if (at <= 0) {
                return true;
            }
        }
        return payload && !sealed;
    }

    /** The index after a field's value, or 0 where there is no such value. */
    private static int pass(ByteString in, int at, int wireType) {
        return switch (wireType) {
            case VARINT -> after(in, at);
            case FIXED64 -> at + Long.BYTES;
            case FIXED32 -> at + Integer.BYTES;
            case BYTES -> {
                long length = varint(in, at);
                yield length < 0 || length > in.size() ? 0 : after(in, at) + (int) length;
            }
            default -> 0;
        };
    }

    private static long varint(ByteString in, int from) {
        long value = 0;
        for (int at = from, shift = 0; at < in.size() && shift < Long.SIZE; at++, shift += 7) {
            byte next = in.byteAt(at);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return BROKEN;
    }

    private static int after(ByteString in, int from) {
        int at = from;
        while (at < in.size() && in.byteAt(at) < 0) {
            at++;
        }
        return at + 1;
    }
}
