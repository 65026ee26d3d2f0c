package io.longwire.bench.load;

import io.longwire.keeper.clock.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends messages to endpoints chosen evenly at random, or in turn, for a time or up to a number, and waits for every
 * answer. The caller's thread sends; what answers is counted under a lock, once a call.
 */
public final class Load {
    private static final long LONGEST_NANOS = 120_000_000_000L;
    private static final long TICK_NANOS = 500_000;
    /** No run sends so many; a fleet can count no more. */
    private static final long MOST = 1L << 28;

    private final Target target;
    private final int endpoints;
    private final int perCall;
    private final Clock clock;
    private final Object lock = new Object();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private final SplittableRandom random;
    private boolean inTurn;
    private volatile boolean stopped;
    private long lastAnswer;

    /**
     * @param endpoints messages go to indexes below it
     * @param perCall messages in one call
     */
    public Load(Target target, int endpoints, int perCall, long seed, Clock clock) {
        this.target = target;
        this.endpoints = endpoints;
        this.perCall = perCall;
        this.clock = clock;
        this.random = new SplittableRandom(seed);
    }

    /** From now on each endpoint in its turn, so that all get the same number. */
    public Load inTurn() {
        inTurn = true;
        return this;
    }

    /** Ends a run that is under way, from another thread; for good. */
    public void stop() {
        stopped = true;
    }

    /** Sends for so many seconds, as many messages as the pace allows. */
    public LoadResult run(int run, Pace pace, double seconds) {
        return run(run, pace, seconds, MOST);
    }

    /**
     * Sends for so many seconds, at most so many messages.
     *
     * @param run of the stamps; a receiver counts one run at a time
     */
    public LoadResult run(int run, Pace pace, double seconds, long most) {
        int window = switch (pace) {
            case Pace.Closed closed -> closed.callsInFlight();
            case Pace.Open open -> open.callsInFlight();
        };
        var slots = new Semaphore(window);
        long began = clock.nanos();
        long end = began + (long) (seconds * 1e9);
        long sent = 0;
        while (sent < most && !stopped) {
            long due = pace instanceof Pace.Open open ? began + (long) (sent / open.perSecond() * 1e9) : 0;
            if (pace instanceof Pace.Open) {
                waitUntil(Math.min(due, end));
            }
            slots.acquireUninterruptibly();
            long now = clock.nanos();
            if (now - end >= 0) {
                slots.release();
                break;
            }
            int messages = (int) Math.min(perCall, most - sent);
            send(run, sent, messages, pace instanceof Pace.Open ? due : now, slots);
            sent += messages;
        }
        slots.acquireUninterruptibly(window);
        synchronized (lock) {
            return new LoadResult(sent, Map.copyOf(outcomes), (lastAnswer - began) / 1e9, began, latency.copy());
        }
    }

    private void send(int run, long firstNumber, int messages, long due, Semaphore slots) {
        int[] to = new int[messages];
        for (int i = 0; i < messages; i++) {
            to[i] = inTurn ? (int) ((firstNumber + i) % endpoints) : random.nextInt(endpoints);
        }
        target.send(to, run, firstNumber, due).whenComplete((results, failure) -> {
            long now = clock.nanos();
            synchronized (lock) {
                lastAnswer = now;
                latency.recordValue(Math.clamp(now - due, 0, LONGEST_NANOS));
                if (failure != null) {
                    outcomes.merge("failed: " + failure.getClass().getSimpleName() + " " + failure.getMessage(),
                            (long) messages, Long::sum);
                } else {
                    for (String result : results) {
                        outcomes.merge(result, 1L, Long::sum);
                    }
                }
            }
            slots.release();
        });
    }

    private void waitUntil(long nanos) {
        for (long left; (left = nanos - clock.nanos()) > 0;) {
            LockSupport.parkNanos(Math.min(left, TICK_NANOS));
        }
    }
}
