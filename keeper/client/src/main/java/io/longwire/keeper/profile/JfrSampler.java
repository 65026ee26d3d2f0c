package io.longwire.keeper.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import one.convert.Arguments;
import one.convert.JfrToFlame;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's own flight recorder, where async-profiler cannot be loaded. It samples Java frames at safepoints every
 * 10-20 ms, and knows no wall clock: that becomes cpu, and the answer says so.
 */
final class JfrSampler implements Sampler {
    private final AtomicReference<@Nullable Recording> running = new AtomicReference<>();
    private volatile Event event = Event.CPU;

    @Override
    public String name() {
        return "JFR";
    }

    @Override
    public String begin(Event asked, Rate rate) {
        var recording = new Recording();
        if (!running.compareAndSet(null, recording)) {
            recording.close();
            throw new Busy("profile: a recording is running (expected: nobody else samples in this process)");
        }
        event = asked == Event.WALL ? Event.CPU : asked;
        Duration period = Duration.ofMillis(rate == Rate.FINE ? 10 : 20);
        switch (event) {
            case ALLOC -> recording.enable("jdk.ObjectAllocationSample").with("throttle",
                    rate == Rate.FINE ? "1000/s" : "50/s");
            case LOCK -> {
                recording.enable("jdk.JavaMonitorEnter").withThreshold(Duration.ofMillis(1));
                recording.enable("jdk.ThreadPark").withThreshold(Duration.ofMillis(1));
            }
            default -> recording.enable("jdk.ExecutionSample").withPeriod(period);
        }
        recording.start();
        return event.word();
    }

    @Override
    public long end(Path collapsed, Path html, String title) throws IOException {
        Recording recording = running.getAndSet(null);
        if (recording == null) {
            throw new IllegalStateException("recording: none (expected: begun)");
        }
        Path file = collapsed.resolveSibling(collapsed.getFileName() + ".jfr");
        try (recording) {
            recording.stop();
            recording.dump(file);
            JfrToFlame.convert(file.toString(), collapsed.toString(), arguments("-o", "collapsed"));
            JfrToFlame.convert(file.toString(), html.toString(), arguments("--title", title));
            return samples(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void drop() {
        Recording recording = running.getAndSet(null);
        if (recording != null) {
            recording.close();
        }
    }

    // The converter's --cpu looks for states that async-profiler alone writes.
    private Arguments arguments(String... more) {
        return event == Event.CPU
                ? new Arguments(more)
                : new Arguments("--" + event.word(), more[0], more[1]);
    }

    private static long samples(Path file) throws IOException {
        long samples = 0;
        try (var events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                events.readEvent();
                samples++;
            }
        }
        return samples;
    }
}
