package io.longwire.room.transport;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.StartFailure;
import io.longwire.keeper.tls.TlsFiles;
import io.longwire.room.metric.RoomMetric;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the TLS listeners of a room have in common. Their certificates and keys follow their files within seconds,
 * without any connection noticing; files that do not fit together are counted, and the ones before stay in use.
 * Session tickets are made under keys that all rooms draw from the deployment's ticket key, a new one each day; without
 * such a key, from one of this process. Thread-safe; files are read on the thread {@code room-tls}.
 */
public final class Tls implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final int KEY_BYTES = 32;
    private static final OpenSslSessionTicketKey[] NONE = {};

    private final Clock clock;
    private final TlsFiles.Changes changes;
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("room-tls").factory());
    private final List<LiveTls> listeners = new CopyOnWriteArrayList<>();
    private final List<TlsFiles> files = new CopyOnWriteArrayList<>();
    private final Clock.Cancellable timer;
    private final byte[] own = new byte[KEY_BYTES];
    private byte[] ticketKey; // guarded by this
    private long day; // guarded by this

    /** @param ticketKey of the deployment; empty = none */
    public Tls(byte[] ticketKey, Clock clock, Metrics metrics) {
        new SecureRandom().nextBytes(own);
        this.clock = clock;
        this.ticketKey = ticketKey.length == 0 ? own : ticketKey.clone();
        this.day = TicketKeys.day(clock.wallMillis());
        this.changes = new TlsFiles.Changes(metrics.counter(RoomMetric.CERTIFICATES, "outcome", "reloaded"),
                metrics.counter(RoomMetric.CERTIFICATES, "outcome", "refused"));
        metrics.gauge(RoomMetric.CERTIFICATE_DAYS, this::daysLeft);
        this.timer = clock.every(LOOK, () -> thread.execute(this::rotate));
    }

    /** Another key of the deployment; tickets of before are worth nothing from now on. Empty = none. */
    public synchronized void ticketKey(byte[] changed) {
        ticketKey = changed.length == 0 ? own : changed.clone();
        use();
    }

    /** Throws StartFailure with one sentence if the files cannot be used. */
    LiveTls open(Path certificate, Path key) {
        try {
            synchronized (this) {
                var opened = new LiveTls(keys());
                files.add(new TlsFiles(certificate, key, opened::take, changes, clock, thread));
                listeners.add(opened);
                return opened;
            }
        } catch (IOException unusable) {
            throw new StartFailure("certificate, key: " + certificate + ", " + key
                    + " (expected: a PEM chain and its PEM key, " + unusable.getMessage() + ")", unusable);
        }
    }

    @Override
    public void close() {
        timer.cancel();
        files.forEach(TlsFiles::close);
        thread.shutdown();
    }

    /** Handshakes that went on with a ticket since the certificates were loaded. */
    long resumed() {
        return listeners.stream().mapToLong(LiveTls::resumed).sum();
    }

    /** A new day, new keys. */
    synchronized void rotate() {
        long today = TicketKeys.day(clock.wallMillis());
        if (today != day) {
            day = today;
            use();
        }
    }

    private void use() {
        for (LiveTls listener : listeners) {
            listener.tickets(keys());
        }
    }

    private OpenSslSessionTicketKey[] keys() {
        return OpenSsl.isAvailable() ? TicketKeys.of(ticketKey, day) : NONE;
    }

    private long daysLeft() {
        return files.stream().mapToLong(TlsFiles::daysLeft).min().orElse(TlsFiles.NEVER_DAYS);
    }
}
