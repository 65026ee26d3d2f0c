package androidx.test.runner.lifecycle;

/** Where the monitor would be found. */
public final class ApplicationLifecycleMonitorRegistry {
    private ApplicationLifecycleMonitorRegistry() {
    }

    public static void registerInstance(ApplicationLifecycleMonitor monitor) {
        // Nobody asks for it.
    }
}
