package io.longwire.testkit.patience;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long a test waits for what must come, where it does not say so itself: a minute in place of Awaitility's 10 s,
 * which a machine that builds something beside the test does not keep. A test that passes is not slower by it; one that
 * means a limit names it. Registered by being on the class path; a module without Awaitility is left alone.
 */
public final class Patience implements LauncherSessionListener {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            Awaitility.setDefaultTimeout(LIMIT);
        } catch (NoClassDefFoundError without) { // allowed: its tests wait for nothing
            return;
        }
    }
}
