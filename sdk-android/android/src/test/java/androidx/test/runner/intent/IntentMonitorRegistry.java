package androidx.test.runner.intent;

/** Where the monitor would be found. */
public final class IntentMonitorRegistry {
    private IntentMonitorRegistry() {
    }

    public static void registerInstance(IntentMonitor monitor) {
        // Nobody asks for it.
    }
}
