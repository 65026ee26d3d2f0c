package io.longwire.room.transport;

import io.longwire.keeper.service.StartFailure;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3, and 1.2 with ECDHE and AEAD for old phones, by BoringSSL; by the JDK where that is not available. Session
 * tickets are on, under a key of this process.
 */
final class Tls {
    private static final String ALPN = "longwire/1";
    private static final List<String> CIPHERS = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private Tls() {
    }

    /** Throws StartFailure with one sentence if the files cannot be used. */
    static SslContext context(Path certificate, Path key) {
        SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
        try {
            SslContext context = SslContextBuilder.forServer(certificate.toFile(), key.toFile()).sslProvider(provider)
                    .protocols("TLSv1.3", "TLSv1.2").ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, ALPN))
                    .build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setTicketKeys(ticketKey());
            }
            return context;
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new StartFailure("certificate, key: " + certificate + ", " + key
                    + " (expected: a PEM chain and its PEM key, " + unusable.getMessage() + ")", unusable);
        }
    }

    private static OpenSslSessionTicketKey ticketKey() {
        var random = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        new SecureRandom().nextBytes(random);
        int name = OpenSslSessionTicketKey.NAME_SIZE;
        int hmac = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(Arrays.copyOf(random, name), Arrays.copyOfRange(random, name, hmac),
                Arrays.copyOfRange(random, hmac, hmac + OpenSslSessionTicketKey.AES_KEY_SIZE));
    }
}
