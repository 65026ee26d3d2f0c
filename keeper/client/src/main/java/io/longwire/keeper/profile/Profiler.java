package io.longwire.keeper.profile;

import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes profiles of this process, one at a time; the engine is loaded when it is first needed. Thread-safe; its callers
 * wait for the time they ask for.
 */
public final class Profiler implements AutoCloseable {
    static final int MOST_SECONDS = 300;
    private static final Logger LOG = LoggerFactory.getLogger(Profiler.class);

    private final Path directory;
    private final Clock clock;
    private final Engine engine;
    private final Sampling sampling;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

    /** A profile that is being taken. */
    record Running(Event event, long untilMillis) {
    }

    /** @param directory where the engine is unpacked and results lie until they are sent */
    public Profiler(Path directory, Clock clock) {
        this(directory, clock, new Engine(directory));
    }

    Profiler(Path directory, Clock clock, Engine engine) {
        this.directory = directory;
        this.clock = clock;
        this.engine = engine;
        this.sampling = new Sampling(engine, directory, clock);
    }

    /** Its low-rate sampling, which rests while a profile is taken. */
    Sampling sampling() {
        return sampling;
    }

    /** What is being taken now. */
    @Nullable
    Running running() {
        return running.get();
    }

    /**
     * Samples for so long; null when the caller gave up before. Throws {@link BadRequest} or {@link Busy}.
     *
     * @param title of the flame graph, by the event that is sampled: an engine may not know the one asked for
     * @param gaveUp counted down when nobody waits for the result any more
     * @param use takes the result; its files are gone afterwards
     */
    void take(Event event, int seconds, UnaryOperator<String> title, CountDownLatch gaveUp, Use use)
            throws IOException, InterruptedException {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new BadRequest("seconds: " + seconds + " (expected: 1 to " + MOST_SECONDS + ")");
        }
        var mine = new Running(event, clock.wallMillis() + seconds * 1_000L);
        Running other = running.compareAndExchange(null, mine);
        if (other != null) {
            throw new Busy("profile: " + other.event().word() + " is being taken, for "
                    + Math.max(0, other.untilMillis() - clock.wallMillis()) / 1_000
                    + " s more (expected: one at a time in a process)");
        }
        try {
            sampling.rest();
            sample(event, seconds, title, gaveUp, use);
        } finally {
            running.set(null);
            sampling.goOn();
        }
    }

    private void sample(Event event, int seconds, UnaryOperator<String> title, CountDownLatch gaveUp, Use use)
            throws IOException, InterruptedException {
        Sampler sampler = engine.get();
        long began = clock.nanos();
        String sampled = sampler.begin(event, Sampler.Rate.FINE);
        Path place = null;
        boolean ended = false;
        try {
            if (gaveUp.await(seconds, TimeUnit.SECONDS)) {
                return;
            }
            place = Files.createTempDirectory(Files.createDirectories(directory), "profile-");
            Path collapsed = place.resolve("profile.collapsed");
            Path html = place.resolve("profile.html");
            String heading = title.apply(sampled);
            ended = true;
            long samples = sampler.end(collapsed, html, heading);
            use.take(new Profile(sampler.name(), sampled, samples, Duration.ofNanos(clock.nanos() - began), html,
                    collapsed));
        } finally {
            if (!ended) {
                sampler.drop();
            }
            delete(place);
        }
    }

    /** Takes the result before its files go. */
    interface Use {
        void take(Profile profile) throws IOException;
    }

    private static void delete(@Nullable Path place) {
        if (place == null) {
            return;
        }
        try (var files = Files.list(place)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            LOG.warn("{} could not be emptied: {}", place, left.toString());
        }
        try {
            Files.deleteIfExists(place);
        } catch (IOException left) {
            LOG.warn("{} could not be deleted: {}", place, left.toString());
        }
    }

    /** Ends what is under way; its caller gets an error. */
    @Override
    public void close() {
        sampling.close();
        if (running.get() != null) {
            engine.get().drop();
        }
    }
}
