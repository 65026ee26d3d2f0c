package androidx.test.internal.runner.lifecycle;

import android.app.Application;
import androidx.test.runner.lifecycle.ApplicationLifecycleMonitor;
import androidx.test.runner.lifecycle.ApplicationStage;

/** Hears of the application, and says nothing. */
public final class ApplicationLifecycleMonitorImpl implements ApplicationLifecycleMonitor { // allowed: its name
    public void signalLifecycleChange(Application application, ApplicationStage stage) {
        // Nobody listens.
    }
}
