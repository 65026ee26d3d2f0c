package io.longwire.keeper.profile;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.process.SampleState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import one.convert.Arguments;
import one.convert.FlameGraph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CPU samples at a low rate for as long as it is switched on, so that a profile can be asked for of what has been. They
 * are kept as stacks, one piece a minute, the last 15 pieces of at most 1 MiB (a bigger one is cut at a line). It rests
 * while a profile is taken on demand, as a JVM has one engine. A piece that cannot be written is lost, and what cannot
 * go on is begun again at the next minute. Thread-safe; calls wait for each other.
 */
final class Sampling implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sampling.class);
    private static final Duration PIECE = Duration.ofMinutes(1);
    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final int KEPT = 15;
    private static final int MOST_BYTES = 1 << 20;

    private record Piece(long fromMillis, long toMillis, long samples, String stacks) {
        Piece and(Piece later) {
            boolean fits = stacks.length() + later.stacks.length() <= MOST_BYTES;
            return new Piece(fromMillis, later.toMillis, samples + (fits ? later.samples : 0),
                    fits ? stacks + later.stacks : stacks);
        }
    }

    private final Engine engine;
    private final Path directory;
    private final Clock clock;
    private final Turn looks;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>(); // this and what follows are guarded by the lock
    private boolean on;
    private boolean resting;
    private boolean running;
    private long sinceMillis;
    private long pieceMillis;
    private Clock.@Nullable Cancellable timer;

    Sampling(Engine engine, Path directory, Clock clock) {
        this.engine = engine;
        this.directory = directory;
        this.clock = clock;
        this.looks = new Turn("profile", Duration.ZERO, clock);
    }

    SampleState state() {
        lock.lock();
        try {
            return SampleState.newBuilder().setOn(on).setSinceMs(sinceMillis)
                    .setKeptSeconds(on || !pieces.isEmpty()
                            ? (int) ((clock.wallMillis()
                                    - (pieces.isEmpty() ? pieceMillis : pieces.getFirst().fromMillis))
                                    / 1_000)
                            : 0)
                    .build();
        } finally {
            lock.unlock();
        }
    }

    /** Switches it; switched as it is, nothing happens. What was kept is forgotten when it is switched on again. */
    void turn(boolean wanted) throws IOException {
        lock.lock();
        try {
            if (wanted == on) {
                return;
            }
            if (wanted) {
                pieces.clear();
                begin();
                sinceMillis = clock.wallMillis();
                timer = clock.every(PIECE, () -> Thread.startVirtualThread(this::next));
            } else {
                stopTimer();
                endPiece();
            }
            on = wanted;
        } finally {
            lock.unlock();
        }
    }

    /** The engine is wanted for something else, until {@link #goOn}. */
    void rest() {
        lock.lock();
        try {
            resting = true;
            endPiece();
        } finally {
            lock.unlock();
        }
    }

    /** The engine is free again. */
    void goOn() {
        lock.lock();
        try {
            resting = false;
            if (on && !running) {
                beginOrWait();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was sampled in the last seconds, in whole pieces. Throws {@link BadRequest} or {@link Busy}. */
    void past(Event event, int seconds, String title, Profiler.Use use) throws IOException {
        if (event != Event.CPU) {
            throw new BadRequest("event: " + event.word() + " (expected: cpu, for what has been)");
        }
        if (seconds < 1 || seconds > KEPT * PIECE.toSeconds()) {
            throw new BadRequest("seconds: " + seconds + " (expected: 1 to " + KEPT * PIECE.toSeconds() + ")");
        }
        looks.take(() -> { // until it is sent: all its stacks are in memory, once for each caller
            give(event, seconds, title, use);
            return seconds;
        });
    }

    private void give(Event event, int seconds, String title, Profiler.Use use) throws IOException {
        List<Piece> chosen = chosen(seconds);
        if (chosen.isEmpty()) {
            throw new BadRequest("past: nothing was sampled (expected: sampling is on)");
        }
        Path place = Files.createTempDirectory(Files.createDirectories(directory), "past-");
        Path stacks = place.resolve("profile.collapsed");
        Path html = place.resolve("profile.html");
        try {
            String all = String.join("", chosen.stream().map(Piece::stacks).toList());
            Files.writeString(stacks, all);
            var graph = new FlameGraph(new Arguments("--title", title));
            graph.parseCollapsed(new StringReader(all));
            try (OutputStream out = Files.newOutputStream(html)) {
                graph.dump(out);
            }
            long millis = chosen.stream().mapToLong(piece -> piece.toMillis - piece.fromMillis).sum();
            use.take(new Profile(engine.get().name(), event.word(), chosen.stream().mapToLong(Piece::samples).sum(),
                    Duration.ofMillis(millis), html, stacks));
        } finally {
            Files.deleteIfExists(stacks);
            Files.deleteIfExists(html);
            Files.deleteIfExists(place);
        }
    }

    private List<Piece> chosen(int seconds) {
        lock.lock();
        try {
            if (running) { // what is being gathered belongs to it
                endPiece();
                beginOrWait();
            }
            long from = clock.wallMillis() - seconds * 1_000L;
            return new ArrayList<>(pieces.stream().filter(piece -> piece.toMillis > from).toList());
        } finally {
            lock.unlock();
        }
    }

    private void next() {
        lock.lock();
        try {
            if (on && !resting) {
                endPiece();
                beginOrWait();
            }
        } finally {
            lock.unlock();
        }
    }

    private void beginOrWait() {
        try {
            begin();
        } catch (IOException | RuntimeException failed) {
            LOG.warn("sampling rests until the next minute: {}", failed.toString());
        }
    }

    private void begin() throws IOException {
        if (resting) {
            throw new Busy("sampling: a profile is being taken (expected: nobody else samples in this process)");
        }
        engine.get().begin(Event.CPU, Sampler.Rate.SPARSE);
        running = true;
        pieceMillis = clock.wallMillis();
    }

    // Whatever becomes of the piece, the engine has ended: nobody else would get it.
    private void endPiece() {
        if (!running) {
            return;
        }
        running = false;
        boolean ended = false;
        try {
            Path place = Files.createTempDirectory(Files.createDirectories(directory), "piece-");
            Path stacks = place.resolve("stacks");
            Path html = place.resolve("html");
            try {
                long samples = engine.get().end(stacks, html, "sampling");
                ended = true;
                keep(new Piece(pieceMillis, clock.wallMillis(), samples, cut(stacks)));
            } finally {
                Files.deleteIfExists(stacks);
                Files.deleteIfExists(html);
                Files.deleteIfExists(place);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.warn("sampling: the newest piece could not be taken or tidied up: {}", failed.toString());
        } finally {
            if (!ended) {
                engine.get().drop();
            }
        }
    }

    // What was cut short, since somebody asked, is one piece with what follows: asking often costs nothing of the past.
    private void keep(Piece piece) {
        Piece last = pieces.peekLast();
        if (last != null && piece.toMillis - last.fromMillis <= PIECE.plus(SLACK).toMillis()) {
            pieces.removeLast();
            pieces.addLast(last.and(piece));
            return;
        }
        if (pieces.size() == KEPT) {
            pieces.removeFirst();
        }
        pieces.addLast(piece);
    }

    private static String cut(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1);
        }
    }

    private void stopTimer() {
        Clock.Cancellable known = timer;
        timer = null;
        if (known != null) {
            known.cancel();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            stopTimer();
            on = false;
            if (running) {
                running = false;
                engine.get().drop();
            }
        } finally {
            lock.unlock();
        }
    }
}
