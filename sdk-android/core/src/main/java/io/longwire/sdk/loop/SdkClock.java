package io.longwire.sdk.loop;

/** Where the SDK takes the time from. Any thread. */
public interface SdkClock {
    /** Milliseconds since some fixed moment; never goes back, does not jump when the wall clock is set. */
    long elapsedMillis();

    /** Unix milliseconds by the phone's wall clock, which may be wrong and may jump. */
    long wallMillis();

    /** The clocks of this process. */
    static SdkClock system() {
        return SystemClock.INSTANCE;
    }
}
