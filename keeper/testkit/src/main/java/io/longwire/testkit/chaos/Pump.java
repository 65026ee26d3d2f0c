package io.longwire.testkit.chaos;

import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One direction of one connection: a thread that reads, a bounded queue in which bytes wait out their delay, and a
 * thread that writes and does the harm. When the writer stands still the queue fills and the reader stops reading.
 */
final class Pump {
    private static final int READ_BYTES = 8 << 10;
    private static final int CHUNKS = 32;

    private final Link link;
    private final Direction direction;
    private final Socket from;
    private final Socket to;
    private final SplittableRandom readerLuck;
    private final SplittableRandom writerLuck;
    private final BlockingQueue<Chunk> waiting = new ArrayBlockingQueue<>(CHUNKS);
    private final Thread reader;
    private final Thread writer;
    private long forwarded;
    private long freeAtNanos;

    Pump(Link link, Direction direction, Socket from, Socket to, SplittableRandom luck, String name) {
        this.link = link;
        this.direction = direction;
        this.from = from;
        this.to = to;
        this.readerLuck = luck.split();
        this.writerLuck = luck.split();
        this.reader = Thread.ofVirtual().name(name + "-read").unstarted(this::read);
        this.writer = Thread.ofVirtual().name(name + "-write").unstarted(this::write);
    }

    void start() {
        reader.start();
        writer.start();
    }

    /** Called once the link is closed; a writer that has not started yet sees that for itself. */
    void interrupt() {
        reader.interrupt();
        writer.interrupt();
    }

    private void read() {
        var buffer = new byte[READ_BYTES];
        try {
            var in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                link.heard(from);
                waiting.put(chunk(Arrays.copyOf(buffer, count)));
            }
            link.heard(from);
            waiting.put(chunk(new byte[0]));
        } catch (IOException reset) {
            link.heard(from);
            // A reset of one peer resets the other, as without a proxy; in a dead connection nobody learns of it.
            if (link.halfOpen()) {
                waiting.offer(chunk(new byte[0]));
            } else {
                link.reset();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private Chunk chunk(byte[] bytes) {
        return new Chunk(bytes, Clock.system().nanos(), readerLuck.nextDouble());
    }

    private void write() {
        try {
            var chunk = next();
            while (!chunk.end()) {
                forward(chunk);
                chunk = next();
            }
            if (passes(direction.await(chunk, freeAtNanos, link))) {
                to.shutdownOutput();
            }
        } catch (IOException gone) {
            if (!link.halfOpen()) {
                link.reset();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            link.pumpEnded();
        }
    }

    private Chunk next() throws InterruptedException {
        if (link.closed()) {
            throw new InterruptedException("closed");
        }
        return waiting.take();
    }

    private void forward(Chunk chunk) throws IOException, InterruptedException {
        byte[] bytes = chunk.bytes();
        for (int at = 0; at < bytes.length;) {
            var faults = direction.await(chunk, freeAtNanos, link);
            if (!passes(faults)) {
                direction.countDiscarded(bytes.length - at);
                return;
            }
            int count = faults.slice(bytes.length - at, forwarded);
            if (count > 0) {
                corrupt(bytes, at, count, faults.corruptEvery());
                to.getOutputStream().write(bytes, at, count);
                passed(count, faults);
                at += count;
            }
            if (faults.cutDue(forwarded)) {
                end(faults.byReset());
                throw new InterruptedException("cut after " + forwarded + " bytes");
            }
        }
    }

    private void end(boolean reset) {
        if (reset) {
            link.reset();
        } else {
            link.cut();
        }
    }

    private boolean passes(Faults faults) {
        return !link.halfOpen() && faults.hole() != Direction.Hole.DISCARD;
    }

    private void corrupt(byte[] bytes, int at, int count, long every) {
        if (every > 0) {
            for (long left = every - 1 - forwarded % every; left < count; left += every) {
                bytes[at + (int) left] ^= (byte) (1 << writerLuck.nextInt(Byte.SIZE));
                direction.countCorrupted();
            }
        }
    }

    private void passed(int count, Faults faults) {
        forwarded += count;
        direction.countForwarded(count);
        link.wrote(to);
        if (faults.bytesPerSecond() > 0) {
            long from = Math.max(freeAtNanos, Clock.system().nanos());
            freeAtNanos = from + count * 1_000_000_000L / faults.bytesPerSecond();
        }
    }
}
