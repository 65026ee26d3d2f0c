package io.longwire.e2e.load;

import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend.Outcome;
import io.longwire.e2e.load.Tally.Kind;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Backends that send without end, to random endpoints, each waiting for one answer before the next send. Half of the
 * sends carry an idempotency key; those whose answer stays unknown are sent again with it, until one says what happened
 * or {@link #stop} has had enough.
 */
public final class Load implements AutoCloseable {
    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final long RETRY_NANOS = 200_000_000L;
    private static final int REVOCABLE = 20;

    private final Backend backend;
    private final List<String> endpoints;
    private final List<String> gone;
    private final String name;
    private final long pauseNanos;
    private final Mix mix;
    private final Map<String, Order> unsettled = new ConcurrentHashMap<>();
    /** Plain ones that were accepted, to be taken back; the newest few. */
    private final ConcurrentLinkedDeque<Order> revocable = new ConcurrentLinkedDeque<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Tally tally = new Tally();
    private final List<Thread> senders = new ArrayList<>();
    private volatile boolean running = true;

    private Load(Mix mix, Product product, History history, List<String> endpoints, List<String> gone, long seed,
            double perSecond) {
        int backends = 4;
        this.mix = mix;
        this.backend = new Backend(product, history);
        this.endpoints = List.copyOf(endpoints);
        this.gone = List.copyOf(gone);
        this.name = Long.toString(seed, 36);
        this.pauseNanos = (long) (1e9 * backends / perSecond);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < backends; i++) {
            var own = random.split();
            int number = i;
            senders.add(Thread.ofVirtual().name("backend-" + i).start(() -> sendOn(number, own)));
        }
    }

    /** Starts sending plain messages at about this rate, all backends together. */
    public static Load start(Product product, History history, List<String> endpoints, long seed, double perSecond) {
        return new Load(Mix.PLAIN, product, history, endpoints, List.of(), seed, perSecond);
    }

    /**
     * The same with collapse keys, lists, schedules and revokes in between.
     *
     * @param gone what {@link Gone} made; named beside the endpoints where a list is to be long
     */
    public static Load mixed(Product product, History history, List<String> endpoints, List<String> gone, long seed,
            double perSecond) {
        return new Load(Mix.ALL, product, history, endpoints, gone, seed, perSecond);
    }

    /** What was accepted so far. */
    public Tally tally() {
        return tally;
    }

    /** Sends begun. */
    public int sent() {
        return sent.get();
    }

    /** Sends without a key of which nobody could say whether they were taken. */
    public int unanswered() {
        return unanswered.get();
    }

    /** Waits until so many more sends have begun; what a test does before it breaks something. */
    public void awaitSent(int more, Duration limit) {
        int goal = sent.get() + more;
        long end = Clock.system().nanos() + limit.toNanos();
        while (sent.get() < goal) {
            if (Clock.system().nanos() - end > 0) {
                throw new AssertionError("sent: " + sent + " (expected: " + goal + " within " + limit + ")");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void sendOn(int number, SplittableRandom random) {
        for (int i = 0; running; i++) {
            Order order = mix.next(name + "-" + number + "-" + i, endpoints, gone, random);
            sent.incrementAndGet();
            Outcome outcome = backend.send(order);
            settled(order, outcome, random);
            if (outcome == Outcome.UNKNOWN && order.key().isEmpty()) {
                unanswered.incrementAndGet();
            } else if (outcome == Outcome.UNKNOWN) {
                unsettled.put(order.payload(), order);
            }
            LockSupport.parkNanos(
                    outcome == Outcome.UNKNOWN ? RETRY_NANOS : (long) (pauseNanos * (0.5 + random.nextDouble())));
            unsettled.keySet().stream().findAny().ifPresent(payload -> settle(payload, random));
        }
    }

    private void revocable(Order order, SplittableRandom random) {
        if (order.kind() == Kind.PLAIN) {
            revocable.addFirst(order);
        }
        if (revocable.size() > REVOCABLE) {
            revocable.pollLast();
        }
        if (mix.revokes(random)) {
            // The newest, which may be on its way, or an older one, which was most likely delivered.
            Order wrong = random.nextBoolean() ? revocable.pollFirst() : revocable.pollLast();
            if (wrong != null) {
                tally.revoked(backend.revoke(wrong.payload(), wrong.endpoints().getFirst()));
            }
        }
    }

    private void settled(Order order, Outcome outcome, SplittableRandom random) {
        if (outcome == Outcome.ACCEPTED) {
            tally.accepted(order.kind());
            revocable(order, random);
        }
    }

    /** Sends once more what nobody knows the fate of; true if that is known now. */
    private boolean settle(String payload, SplittableRandom random) {
        Order order = unsettled.get(payload);
        if (order == null) {
            return true;
        }
        Outcome outcome = backend.again(order);
        if (outcome == Outcome.UNKNOWN) {
            return false;
        }
        if (unsettled.remove(payload) != null) { // else another one has settled it meanwhile
            settled(order, outcome, random);
        }
        return true;
    }

    /** Ends sending; then asks about what has a key and no answer, for at most 20 s. */
    public void stop() {
        running = false;
        try {
            for (Thread sender : senders) {
                sender.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        var random = new SplittableRandom(sent.get());
        long end = Clock.system().nanos() + SETTLE.toNanos();
        while (!unsettled.isEmpty() && Clock.system().nanos() - end < 0) {
            for (String payload : List.copyOf(unsettled.keySet())) {
                if (!settle(payload, random)) {
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
        }
    }

    @Override
    public void close() {
        if (running) {
            stop();
        }
        backend.close();
    }
}
