package io.longwire.keeper.server.console.web;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * The TLS of the console's port, by the JDK: its certificate follows its files, without any connection noticing. The
 * JDK's server takes one context for ever, so what changes is behind it ({@link ShownIdentity}). Thread-safe; changed
 * files are read on the thread {@code console-tls}.
 */
public final class LiveTls implements AutoCloseable {
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("console-tls").factory());
    private final SSLContext context;
    private final TlsFiles files;

    /** @throws IOException with one sentence if the files cannot be used */
    public LiveTls(Path certificate, Path key, Clock clock, Metrics metrics) throws IOException {
        var shown = new ShownIdentity();
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[]{shown}, null, null);
        } catch (GeneralSecurityException none) {
            throw new IllegalStateException("the JDK has no TLS", none);
        }
        try {
            files = new TlsFiles(certificate, key, shown::take,
                    new TlsFiles.Changes(metrics.counter(ConsoleMetric.CERTIFICATES, "outcome", "reloaded"),
                            metrics.counter(ConsoleMetric.CERTIFICATES, "outcome", "refused")),
                    clock, thread);
        } catch (IOException unusable) {
            thread.shutdown();
            throw unusable;
        }
        metrics.gauge(ConsoleMetric.CERTIFICATE_DAYS, files::daysLeft);
    }

    public SSLContext context() {
        return context;
    }

    @Override
    public void close() {
        files.close();
        thread.shutdown();
    }
}
