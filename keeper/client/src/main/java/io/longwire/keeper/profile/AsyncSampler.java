package io.longwire.keeper.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import one.profiler.AsyncProfiler;
import one.profiler.AsyncProfilerLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * async-profiler inside this JVM: no safepoint bias, native frames, a signal per sample. It is loaded and called on
 * platform threads alone: at a virtual one it does not find the thread of the JVM that it looks for.
 */
final class AsyncSampler implements Sampler {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncSampler.class);
    private static final String TAKEN = "already started";

    private final AsyncProfiler profiler;

    private AsyncSampler(AsyncProfiler profiler) {
        this.profiler = profiler;
    }

    /**
     * Loads the library; empty where there is none for this machine, or it cannot be unpacked or does not work here.
     *
     * @param directory where it is unpacked
     */
    static Optional<Sampler> load(Path directory) {
        try {
            AsyncProfiler profiler = onPlatformThread(() -> {
                AsyncProfilerLoader.setExtractionDirectory(Files.createDirectories(directory));
                AsyncProfiler loaded = AsyncProfilerLoader.load();
                loaded.execute("check,event=cpu");
                return loaded;
            });
            return Optional.of(new AsyncSampler(profiler));
        } catch (IOException | RuntimeException | LinkageError notHere) {
            LOG.info("async-profiler does not work here, profiles are taken by JFR: {}", notHere.toString());
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "async-profiler " + profiler.getVersion();
    }

    @Override
    public String begin(Event event, Rate rate) throws IOException {
        boolean fine = rate == Rate.FINE;
        String what = switch (event) {
            case CPU -> fine ? "event=cpu,interval=1ms" : "event=cpu,interval=20ms";
            case WALL -> fine ? "event=wall,interval=5ms" : "event=wall,interval=100ms";
            case ALLOC -> fine ? "event=alloc,alloc=128k" : "event=alloc,alloc=2m";
            case LOCK -> fine ? "event=lock,lock=10us" : "event=lock,lock=1ms";
        };
        try {
            onPlatformThread(() -> profiler.execute("start," + what + ",threads"));
        } catch (IllegalStateException refused) {
            String why = String.valueOf(refused.getMessage());
            if (why.contains(TAKEN)) {
                throw new Busy("profile: " + why + " (expected: nobody else samples in this process)");
            }
            throw new IOException("async-profiler: " + why, refused);
        }
        return event.word();
    }

    @Override
    public long end(Path collapsed, Path html, String title) throws IOException {
        return onPlatformThread(() -> {
            profiler.stop();
            long samples = profiler.getSamples();
            profiler.execute("dump,collapsed,file=" + collapsed);
            profiler.execute("dump,flamegraph,title=" + title.replace(',', ' ') + ",file=" + html);
            return samples;
        });
    }

    @Override
    public void drop() {
        try {
            onPlatformThread(() -> {
                profiler.stop();
                return true;
            });
        } catch (IOException | IllegalStateException ended) {
            LOG.debug("no sampling to drop", ended);
        }
    }

    // Not given up when its caller is interrupted: what was begun must be ended.
    private static <T> T onPlatformThread(Callable<T> call) throws IOException {
        var task = new FutureTask<T>(call);
        Thread.ofPlatform().daemon().name("profiler").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw thrown(failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException thrown(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException known -> throw known;
            case LinkageError known -> throw known;
            case IOException known -> known;
            case null, default -> new IOException("async-profiler: " + failed.getCause(), failed);
        };
    }
}
