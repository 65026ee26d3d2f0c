package io.longwire.bench.device;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** TLS for the simulator: takes any certificate, as it never speaks to anything but the bench's own rooms. */
final class AnyCertificate {
    private AnyCertificate() {
    }

    static SslContext client() {
        try {
            return SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .protocols("TLSv1.3").build();
        } catch (SSLException missing) {
            throw new IllegalStateException("TLS: not available (expected: the JDK's, or BoringSSL)", missing);
        }
    }
}
