package io.longwire.sdk.android.share;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;
import org.jspecify.annotations.Nullable;

/**
 * Where the other apps of the group find this one, while it runs: they bind to it without having it made. The app
 * itself has it made, by a {@link ServiceHold}.
 */
public final class HostService extends Service {
    /** What it answers to. */
    public static final String ACTION = "io.longwire.sdk.SHARE";

    private static final Door DOOR = new Door(); // the system makes the service: it looks here

    /** Who answers those that have bound, and will; null = nobody. */
    static void offer(@Nullable PushHost host) {
        DOOR.opensTo(host);
    }

    static @Nullable PushHost offered() {
        return DOOR.inside();
    }

    // The same for all and at all times: the system asks once for all that bind.
    @Override
    public IBinder onBind(Intent intent) {
        return DOOR;
    }

    // Bound to, never started; whoever does it all the same has it end.
    @Override
    public int onStartCommand(@Nullable Intent intent, int flags, int startId) {
        stopSelf(startId);
        return START_NOT_STICKY;
    }
}
