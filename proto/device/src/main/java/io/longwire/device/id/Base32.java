package io.longwire.device.id;

import java.util.Arrays;

/** Crockford's base 32: digits and letters without I, L, O, U. Reads both cases, and takes I, L for 1 and O for 0. */
final class Base32 {
    static final int BITS = 5;

    private static final char[] UPPER = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final char[] LOWER = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final byte[] VALUES = values();

    private Base32() {
    }

    static char upper(long value) {
        return UPPER[(int) (value & 0x1F)];
    }

    static char lower(long value) {
        return LOWER[(int) (value & 0x1F)];
    }

    /** The value of this character, or -1. */
    static int value(char c) {
        return c < VALUES.length ? VALUES[c] : -1;
    }

    private static byte[] values() {
        byte[] values = new byte['z' + 1];
        Arrays.fill(values, (byte) -1);
        for (byte i = 0; i < UPPER.length; i++) {
            values[UPPER[i]] = i;
            values[LOWER[i]] = i;
        }
        values['I'] = values['i'] = values['L'] = values['l'] = 1;
        values['O'] = values['o'] = 0;
        return values;
    }
}
