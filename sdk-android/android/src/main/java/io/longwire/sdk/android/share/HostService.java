package io.longwire.sdk.android.share;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.os.IBinder;
import org.jspecify.annotations.Nullable;

/**
 * Where the other apps of the group find this one, while it runs. Started by the app itself, never by others: they bind
 * to it without having it made.
 */
public final class HostService extends Service {
    /** What it answers to. */
    public static final String ACTION = "io.longwire.sdk.SHARE";

    private static volatile @Nullable IBinder binder; // the system makes the service: it looks here

    /** What whoever binds gets from now on; null = nothing. */
    static void offer(@Nullable IBinder offered) {
        binder = offered;
    }

    /** Returns false where the system does not let it run. */
    static boolean start(Context context) {
        try {
            return context.startService(new Intent(context, HostService.class)) != null;
        } catch (IllegalStateException | SecurityException notNow) {
            return false;
        }
    }

    static void stop(Context context) {
        context.stopService(new Intent(context, HostService.class));
    }

    @Override
    public @Nullable IBinder onBind(Intent intent) {
        return binder;
    }

    @Override
    public int onStartCommand(@Nullable Intent intent, int flags, int startId) {
        if (binder == null) {
            stopSelf();
        }
        return START_NOT_STICKY;
    }
}
