package io.longwire.sdk.loop;

/** The clocks of the Java process. */
enum SystemClock implements SdkClock {
    INSTANCE;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long START_NANOS = System.nanoTime(); // allowed: the one place that reads the clock

    @Override
    public long elapsedMillis() {
        return (System.nanoTime() - START_NANOS) / NANOS_PER_MILLI; // allowed: the one place that reads the clock
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis(); // allowed: the one place that reads the clock
    }
}
