package io.longwire.sdk.android.wake;

import android.os.SystemClock;
import io.longwire.sdk.loop.SdkClock;

/** The clock that goes on while the phone sleeps, and that alarms go by. */
public enum ElapsedClock implements SdkClock {
    INSTANCE;

    @Override
    public long elapsedMillis() {
        return SystemClock.elapsedRealtime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis(); // allowed: the one place of this module that reads the clock
    }
}
