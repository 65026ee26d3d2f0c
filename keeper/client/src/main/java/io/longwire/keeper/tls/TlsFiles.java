package io.longwire.keeper.tls;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.service.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate chain and its key that follow their files within seconds: who serves with them takes the new ones for
 * new connections, those under way keep what they began with. Files that do not fit together, as while they are being
 * replaced one after the other, are refused, logged and counted, and what was taken before stays. Thread-safe; changed
 * files are read on the executor.
 */
public final class TlsFiles implements AutoCloseable {
    /** What is told of the days left where there is no certificate: no alarm. */
    public static final long NEVER_DAYS = 36_500;

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Path certificate;
    private final Path key;
    private final Use use;
    private final Changes changes;
    private final Clock clock;
    private final List<FileWatch> watches;
    private volatile long expiresMillis;

    /** Who serves with an identity. */
    @FunctionalInterface
    public interface Use {
        /** From now on it is this one; one call at a time. On an IOException, with a sentence, all stays as it was. */
        void take(TlsIdentity identity) throws IOException;
    }

    /** Where changed files are counted. */
    public record Changes(Counter reloaded, Counter refused) {
    }

    /**
     * Reads them and has them taken.
     *
     * @throws IOException with one sentence if they cannot be used
     */
    public TlsFiles(Path certificate, Path key, Use use, Changes changes, Clock clock, Executor executor)
            throws IOException {
        this.certificate = certificate;
        this.key = key;
        this.use = use;
        this.changes = changes;
        this.clock = clock;
        // Watched before they are read: a change in between is seen.
        this.watches = List.of(new FileWatch(certificate, clock, executor, this::changed),
                new FileWatch(key, clock, executor, this::changed));
        try {
            read();
        } catch (IOException unusable) {
            close();
            throw unusable;
        }
    }

    /** The end of the certificate that ends first, unix ms. */
    public long expiresMillis() {
        return expiresMillis;
    }

    /** Until then; negative when it has ended. */
    public long daysLeft() {
        return Math.floorDiv(expiresMillis - clock.wallMillis(), DAY_MILLIS);
    }

    @Override
    public void close() {
        watches.forEach(FileWatch::close);
    }

    private synchronized void read() throws IOException {
        TlsIdentity identity = TlsIdentity.read(certificate, key);
        use.take(identity);
        expiresMillis = identity.expiresMillis();
    }

    private void changed() {
        try {
            read();
            changes.reloaded.increment();
            LOG.info("certificate reloaded: {}, ends in {} days", certificate, daysLeft());
        } catch (IOException unusable) {
            changes.refused.increment();
            LOG.warn("certificate, key: {}, {} (expected: a PEM chain and its PEM key, {}); those of before stay",
                    certificate, key, unusable.getMessage());
        }
    }
}
