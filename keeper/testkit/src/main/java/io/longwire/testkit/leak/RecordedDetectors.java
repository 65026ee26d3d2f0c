package io.longwire.testkit.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Netty's own detectors, remembered so that each can be asked what it has found. */
final class RecordedDetectors extends ResourceLeakDetectorFactory {
    private final List<ResourceLeakDetector<?>> made = new CopyOnWriteArrayList<>();

    @Override
    @Deprecated
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int every, long ignored) {
        return remembered(new ResourceLeakDetector<>(resource, every));
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int every) {
        return remembered(new ResourceLeakDetector<>(resource, every));
    }

    private <T> ResourceLeakDetector<T> remembered(ResourceLeakDetector<T> detector) {
        made.add(detector);
        return detector;
    }

    boolean any() {
        return !made.isEmpty();
    }

    /** A detector looks into its findings when something new is tracked. */
    void ask() {
        made.forEach(RecordedDetectors::ask);
    }

    @SuppressWarnings("unchecked") // What is tracked is never looked at: any object does.
    private static void ask(ResourceLeakDetector<?> detector) {
        var any = new Object();
        var tracker = ((ResourceLeakDetector<Object>) detector).trackForcibly(any);
        if (tracker != null) {
            tracker.close(any);
        }
    }
}
