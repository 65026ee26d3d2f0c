package androidx.test.internal.runner.lifecycle;

import android.app.Activity;
import androidx.test.runner.lifecycle.ActivityLifecycleMonitor;
import androidx.test.runner.lifecycle.Stage;

/** Hears of activities, and says nothing. */
public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor { // allowed: its name
    public void signalLifecycleChange(Stage stage, Activity activity) {
        // Nobody listens.
    }
}
