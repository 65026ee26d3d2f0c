package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;
import org.jspecify.annotations.Nullable;

/** Keeps the instrumentation of the test. */
public final class InstrumentationRegistry {
    private static volatile @Nullable Instrumentation instrumentation;
    private static volatile Bundle arguments = new Bundle();

    private InstrumentationRegistry() {
    }

    public static void registerInstance(@Nullable Instrumentation now, Bundle with) {
        instrumentation = now;
        arguments = with;
    }

    public static Instrumentation getInstrumentation() {
        Instrumentation known = instrumentation;
        if (known == null) {
            throw new IllegalStateException("instrumentation: none (expected: inside a test)");
        }
        return known;
    }

    public static Bundle getArguments() { return arguments; }
}
