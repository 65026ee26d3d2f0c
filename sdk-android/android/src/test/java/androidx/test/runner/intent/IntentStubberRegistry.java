package androidx.test.runner.intent;

/** There is no stubber. */
public final class IntentStubberRegistry {
    private IntentStubberRegistry() {
    }

    public static boolean isLoaded() { return false; }

    public static IntentStubber getInstance() {
        throw new IllegalStateException("stubber: none (expected: not asked for)");
    }

    public static void reset() {
        // There is none.
    }
}
