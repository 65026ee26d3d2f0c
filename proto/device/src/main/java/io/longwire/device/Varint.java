package io.longwire.device;

import java.nio.ByteBuffer;

/** Protobuf's base-128 numbers, unsigned, minimal: 1 to 10 bytes. */
final class Varint {
    private Varint() {
    }

    static int size(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    static int write(long value, byte[] out, int at) {
        int i = at;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out[i++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[i++] = (byte) rest;
        return i;
    }

    static void write(long value, ByteBuffer out) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
