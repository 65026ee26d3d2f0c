package io.longwire.sdk.android.share;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.IBinder;
import org.jspecify.annotations.Nullable;

/**
 * This app's hold on its own {@link HostService}: has the system make it, and keep it while the process lives. Starting
 * it would do so, too, but an app in the background may not start a service; binding to its own it may. Once it is
 * made, those that have bound without having it made are told. One thread at a time; the main thread hears.
 */
final class ServiceHold implements ServiceConnection {
    private final Context context;
    private volatile boolean lost; // the system tells nothing more on this binding
    private boolean bound;

    ServiceHold(Context context) {
        this.context = context;
    }

    /** Has it made, unless it is held already. */
    void hold() {
        if (bound && !lost) {
            return;
        }
        release();
        lost = false;
        Intent intent = new Intent(HostService.ACTION).setComponent(new ComponentName(context, HostService.class));
        try {
            bound = context.bindService(intent, this, Context.BIND_AUTO_CREATE);
        } catch (SecurityException notInTheManifest) {
            bound = false;
        }
    }

    /** The system may end it; whoever is bound to it is told. */
    void release() {
        if (bound) {
            bound = false;
            context.unbindService(this);
        }
    }

    @Override
    public void onServiceConnected(ComponentName name, @Nullable IBinder binder) {
        // It is there for others.
    }

    // The system makes it anew, as long as it is bound to.
    @Override
    public void onServiceDisconnected(ComponentName name) {
        // Nothing was asked of it here.
    }

    @Override
    public void onBindingDied(ComponentName name) {
        lost = true;
    }
}
