package io.longwire.keeper.server.console.cluster;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at every process every two seconds, while somebody looks at the console and for a minute longer,
 * {@value #AT_ONCE} at a time; a round that takes longer is not overtaken. Keeps the last picture, and
 * {@value #POINTS} points of the sums. Rounds are one after another; readers take a snapshot.
 */
public final class Lookout implements AutoCloseable {
    static final int POINTS = 300;
    private static final int AT_ONCE = 32;
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofMinutes(1); // all look at 640 dead ones, 3 s each
    private static final Duration KEPT_UP = Duration.ofMinutes(1);
    private static final List<String> PARTS = List.of("keeper", "register", "saver", "coordinator", "room", "center",
            "dispatcher", "agent");

    private final Cluster cluster;
    private final Clock clock;
    private final Metrics metrics;
    private final AdminPort port;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("console-look-", 0).factory());
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicLong wantedUntil = new AtomicLong();
    private final Clock.Cancellable timer;
    private Map<String, Look> last = Map.of(); // written by a round, before the next one begins
    private volatile Picture picture;

    public Lookout(Cluster cluster, Clock clock, Metrics metrics) {
        this.cluster = cluster;
        this.clock = clock;
        this.metrics = metrics;
        this.port = new AdminPort(clock);
        this.picture = Picture.EMPTY;
        wantedUntil.set(clock.nanos());
        this.timer = clock.every(EVERY, this::round);
    }

    /** The newest picture newer than this one; waits for it for a while, then gives what there is. Blocks. */
    Picture after(long number, Duration patience) throws InterruptedException {
        long known = want() ? Math.max(number, picture.number()) : number; // an old picture tells nothing
        long end = clock.nanos() + patience.toNanos();
        synchronized (this) {
            while (picture.number() <= known) {
                long left = (end - clock.nanos()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
            return picture;
        }
    }

    @Override
    public void close() {
        timer.cancel();
        threads.shutdownNow();
        port.close();
    }

    // True if nobody had looked for a while; who comes first does not wait for the next round.
    private boolean want() {
        long now = clock.nanos();
        boolean idle = now - wantedUntil.getAndSet(now + KEPT_UP.toNanos()) >= 0;
        if (idle) {
            round();
        }
        return idle;
    }

    private void round() {
        if (clock.nanos() - wantedUntil.get() > 0 || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    show(looks());
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException closed) {
            looking.set(false);
        }
    }

    private List<Look> looks() throws InterruptedException {
        var asked = new ArrayList<Future<Look>>();
        for (String part : PARTS) {
            for (Member member : cluster.members(part).list()) {
                asked.add(threads.submit((Callable<Look>) () -> look(member)));
            }
        }
        var looks = new ArrayList<Look>();
        long end = clock.nanos() + ROUND.toNanos();
        for (Future<Look> one : asked) {
            try {
                looks.add(one.get(Math.max(0, end - clock.nanos()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException hangs) {
                one.cancel(true); // left out; the picture goes on without it
                metrics.counter(ConsoleMetric.LOOKS_UNANSWERED).increment();
            } catch (ExecutionException bug) {
                throw new IllegalStateException("a look failed", bug.getCause());
            }
        }
        return looks;
    }

    private Look look(Member member) throws InterruptedException {
        places.acquire();
        try {
            metrics.counter(ConsoleMetric.LOOKS).increment();
            Look look = port.look(member, last.get(member.instance()));
            if (look.health().equals("unreachable")) {
                metrics.counter(ConsoleMetric.LOOKS_UNANSWERED).increment();
            }
            return look;
        } finally {
            places.release();
        }
    }

    private void show(List<Look> looks) {
        var kept = new HashMap<String, Look>();
        looks.forEach(look -> kept.put(look.member().instance(), look));
        last = kept;
        Picture next = Picture.after(picture, looks, cluster.registerMap().epoch(), clock.wallMillis());
        synchronized (this) {
            picture = next;
            notifyAll();
        }
    }
}
