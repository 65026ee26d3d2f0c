package io.longwire.testkit.leak;

import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Netty reports a leaked buffer when the collector has found it and another is allocated, which in a short test
 * run is often never. After each test class that ran beside Netty this collects and asks every detector, so that each
 * leak is printed as a LEAK line; the build fails on the first such line. Registered by being on the class path.
 */
public final class LeakProbe implements LauncherSessionListener, TestExecutionListener {
    private static final int COLLECTIONS = 2;
    private static final long COLLECTION_MILLIS = 1_000;

    private final RecordedDetectors detectors = new RecordedDetectors();

    /** Before any test, hence before any buffer: detectors are made once, by the factory that is then in force. */
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(detectors);
        session.getLauncher().registerTestExecutionListeners(this);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.getSource().filter(ClassSource.class::isInstance).isPresent()) {
            probe();
        }
    }

    private void probe() {
        if (detectors.any()) {
            for (int i = 0; i < COLLECTIONS; i++) {
                collect();
                detectors.ask();
            }
        }
    }

    /** Collects garbage and returns when the collector has handed over what it found. */
    private static void collect() {
        var queue = new ReferenceQueue<Object>();
        var canary = new WeakReference<>(new Object(), queue);
        System.gc();
        try {
            queue.remove(COLLECTION_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        canary.clear();
    }
}
