package io.longwire.room.transport;

import io.longwire.keeper.tls.TlsIdentity;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What new connections of one listener are greeted with: TLS 1.3, and 1.2 with ECDHE and AEAD for old phones, by
 * BoringSSL; by the JDK where that is not available. Connections keep what they began with. Thread-safe; changed by
 * one thread at a time.
 */
final class LiveTls {
    private static final String ALPN = "longwire/1";
    private static final long TICKET_SECONDS = Duration.ofDays(1).toSeconds();
    private static final List<String> CIPHERS = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private OpenSslSessionTicketKey[] tickets;
    private volatile @Nullable SslContext context; // from the first take on

    LiveTls(OpenSslSessionTicketKey[] tickets) {
        this.tickets = tickets;
    }

    /** There must be an identity. */
    SslContext context() {
        return Objects.requireNonNull(context);
    }

    /** What is shown from now on. On an exception everything stays as it was. */
    synchronized void take(TlsIdentity identity) throws IOException {
        context = make(identity, tickets);
    }

    synchronized void tickets(OpenSslSessionTicketKey[] keys) {
        tickets = keys;
        use(context(), keys);
    }

    /** Handshakes that went on with a ticket, since the certificate was loaded. */
    long resumed() {
        return context().sessionContext() instanceof OpenSslSessionContext sessions
                ? sessions.stats().ticketKeyResume() + sessions.stats().ticketKeyRenew()
                : 0;
    }

    private static SslContext make(TlsIdentity identity, OpenSslSessionTicketKey[] tickets) throws IOException {
        try {
            SslContext made = SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2").ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionTimeout(TICKET_SECONDS)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, ALPN))
                    .build();
            use(made, tickets);
            return made;
        } catch (IllegalArgumentException unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
    }

    private static void use(SslContext context, OpenSslSessionTicketKey[] keys) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(keys);
        }
    }
}
