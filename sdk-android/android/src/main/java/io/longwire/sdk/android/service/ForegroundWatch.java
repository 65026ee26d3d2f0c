package io.longwire.sdk.android.service;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;

/** Whether the user looks at the app: any of its activities is started. The main thread's; the answer is for any. */
final class ForegroundWatch implements Application.ActivityLifecycleCallbacks {
    /** Told of changes, on the main thread. */
    interface Listener {
        void onLooks(boolean looking);
    }

    private final Listener listener;
    private final Handler main = new Handler(Looper.getMainLooper());
    private int started;
    private volatile boolean ended;
    private volatile boolean looking;

    ForegroundWatch(Listener listener) {
        this.listener = listener;
    }

    void watch(Context context) {
        if (context instanceof Application) {
            ((Application) context).registerActivityLifecycleCallbacks(this);
        }
    }

    void end(Context context) {
        ended = true;
        if (context instanceof Application) {
            ((Application) context).unregisterActivityLifecycleCallbacks(this);
        }
    }

    boolean isLooking() { return looking; }

    @Override
    public void onActivityStarted(Activity activity) {
        if (++started == 1 && !looking) {
            looking = true;
            listener.onLooks(true);
        }
    }

    // A rotation stops an activity only to start it again, in the same turn of the main thread: it is no look away,
    // unless the activity ends meanwhile and nothing is started in its place.
    @Override
    public void onActivityStopped(Activity activity) {
        if (started == 0 || --started > 0) {
            return;
        }
        if (activity.isChangingConfigurations()) {
            main.post(this::lookedAway);
        } else {
            lookedAway();
        }
    }

    private void lookedAway() {
        if (started == 0 && looking && !ended) {
            looking = false;
            listener.onLooks(false);
        }
    }

    @Override
    public void onActivityCreated(Activity activity, Bundle state) {
        // Not yet to be seen.
    }

    @Override
    public void onActivityResumed(Activity activity) {
        // Started before.
    }

    @Override
    public void onActivityPaused(Activity activity) {
        // Still to be seen.
    }

    @Override
    public void onActivitySaveInstanceState(Activity activity, Bundle state) {
        // Nothing of ours.
    }

    @Override
    public void onActivityDestroyed(Activity activity) {
        // Stopped before.
    }
}
