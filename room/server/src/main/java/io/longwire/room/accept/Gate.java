package io.longwire.room.accept;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets connections in, or not: access rules, so many un-authenticated ones and so many connects per address and
 * subnet, so many accepts a second in the room, which ramp up from a fifth after the start. Every refusal is counted
 * by its reason. Thread-safe, never blocks.
 */
public final class Gate {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final int V4_SUBNET_BYTES = 3;
    private static final int V6_SUBNET_BYTES = 8;
    private static final long NANOS = 1_000_000_000L;

    private final Live<AccessConfig> rules;
    private final Predicate<byte[]> banned;
    private final Live<AcceptConfig> accept;
    private final Clock clock;
    private final AddressCounts openByAddress = new AddressCounts();
    private final AddressCounts openBySubnet = new AddressCounts();
    private final AddressCounts connectsByAddress = new AddressCounts();
    private final AddressCounts connectsBySubnet = new AddressCounts();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    /** The moment until which accepts are used up; a token bucket of one number. */
    private final AtomicLong usedUntil;
    private final long started;
    private final Tagged<Refusal> refused;
    private final Metrics.Counter accepted;

    /** @param banned whether an address is in a banned network; cheap, thread-safe */
    public Gate(Live<AccessConfig> rules, Predicate<byte[]> banned, Live<AcceptConfig> accept, Clock clock,
            Metrics metrics) {
        this.rules = rules;
        this.banned = banned;
        this.accept = accept;
        this.clock = clock;
        this.started = clock.nanos();
        this.usedUntil = new AtomicLong(started - NANOS);
        this.refused = new Tagged<>(metrics, RoomMetric.REFUSED, "reason", Refusal.class);
        this.accepted = metrics.counter(RoomMetric.ACCEPTED);
        metrics.gauge(RoomMetric.CONNECTIONS, connections::get);
        metrics.gauge(RoomMetric.UNAUTHENTICATED, open::get);
        clock.every(PERIOD, () -> {
            connectsByAddress.clear();
            connectsBySubnet.clear();
        });
    }

    /**
     * A connection came. Null = it may stay; RATE = it may stay to be told BUSY; else it is to be closed. One that
     * stays must be given back by {@link #loggedIn} (or not) and {@link #closed}.
     */
    public @Nullable Refusal admit(byte[] address) {
        AccessConfig now = rules.get();
        boolean exempt = AccessConfig.anyContains(now.exempt(), address);
        Refusal verdict = banned.test(address) ? Refusal.BANNED : exempt ? null : refusal(now, address);
        if (verdict == null && connections.get() >= accept.get().connections()) {
            verdict = Refusal.FULL;
        }
        if (verdict == null && !exempt && !takeToken()) {
            verdict = Refusal.RATE;
        }
        if (verdict != null) {
            refused.increment(verdict);
        }
        if (verdict == null || verdict == Refusal.RATE) {
            accepted.increment();
            connections.incrementAndGet();
            open(address, 1);
        }
        return verdict;
    }

    /** It has logged in: it no longer counts as open. */
    public void loggedIn(byte[] address) {
        open(address, -1);
    }

    /** @param loggedIn whether {@link #loggedIn} was called for it */
    public void closed(byte[] address, boolean loggedIn) {
        connections.decrementAndGet();
        if (!loggedIn) {
            open(address, -1);
        }
    }

    /** Turned away before its address was known. */
    public void refusedByProxy() {
        refused.increment(Refusal.PROXY);
    }

    public int connections() {
        return connections.get();
    }

    /** What the room takes a second now. */
    public int acceptsPerSecond() {
        AcceptConfig now = accept.get();
        long since = clock.nanos() - started;
        double ramp = now.rampUp().isZero() ? 1 : Math.min(1, 0.2 + 0.8 * since / now.rampUp().toNanos());
        return (int) Math.max(1, now.perSecond() * ramp);
    }

    private @Nullable Refusal refusal(AccessConfig now, byte[] address) {
        if (AccessConfig.anyContains(now.deny(), address)
                || (!now.allow().isEmpty() && !AccessConfig.anyContains(now.allow(), address))) {
            return Refusal.DENIED;
        }
        if (connectsByAddress.add(address, address.length, 1) > now.connectsPerAddress()) {
            return Refusal.RATE_ADDRESS;
        }
        if (connectsBySubnet.add(address, subnetBytes(address), 1) > now.connectsPerSubnet()) {
            return Refusal.RATE_SUBNET;
        }
        if (openByAddress.add(address, address.length, 0) >= now.openPerAddress()) {
            return Refusal.OPEN_ADDRESS;
        }
        return openBySubnet.add(address, subnetBytes(address), 0) >= now.openPerSubnet() ? Refusal.OPEN_SUBNET : null;
    }

    private void open(byte[] address, int change) {
        open.addAndGet(change);
        openByAddress.add(address, address.length, change);
        openBySubnet.add(address, subnetBytes(address), change);
    }

    private boolean takeToken() {
        long step = NANOS / acceptsPerSecond();
        while (true) {
            long now = clock.nanos();
            long used = usedUntil.get();
            long next = Math.max(used, now - NANOS) + step; // a second's worth may be saved up
            if (next > now) {
                return false;
            }
            if (usedUntil.compareAndSet(used, next)) {
                return true;
            }
        }
    }

    private static int subnetBytes(byte[] address) {
        return address.length == 4 ? V4_SUBNET_BYTES : V6_SUBNET_BYTES;
    }
}
