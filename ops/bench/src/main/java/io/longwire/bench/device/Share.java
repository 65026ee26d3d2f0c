package io.longwire.bench.device;

import io.longwire.keeper.config.ConfigException;

/**
 * A share of the devices, always the same ones: those whose number, scattered, falls into so many hundredths.
 * Immutable.
 *
 * @param from first hundredth, 0 to 99
 * @param width how many of them; {@code from + width} is at most 100
 */
record Share(int from, int width) {
    private static final int WHOLE = 100;
    private static final int SCATTER = 61; // has no factor with 100: each hundred devices fills all hundredths

    static final Share ALL = new Share(0, WHOLE);

    Share {
        if (from < 0 || width < 0 || from + width > WHOLE) {
            throw new ConfigException("share: " + width + " from " + from + " (expected: within 0 to 100)");
        }
    }

    boolean contains(int device) {
        int hundredth = (int) ((long) device * SCATTER % WHOLE);
        return hundredth >= from && hundredth < from + width;
    }
}
