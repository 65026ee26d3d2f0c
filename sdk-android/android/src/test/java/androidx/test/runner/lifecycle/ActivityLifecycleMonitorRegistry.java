package androidx.test.runner.lifecycle;

/** Where the monitor would be found. */
public final class ActivityLifecycleMonitorRegistry {
    private ActivityLifecycleMonitorRegistry() {
    }

    public static void registerInstance(ActivityLifecycleMonitor monitor) {
        // Nobody asks for it.
    }
}
