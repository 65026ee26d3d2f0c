package androidx.test.runner.lifecycle;

/** Hears of lives. */
public interface ActivityLifecycleMonitor {}
