package io.longwire.sdk.transport;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3, or 1.2 with ECDHE and an AEAD cipher, and whom to trust. With certificate authorities the name in the
 * certificate must be the address's; with pins the key itself is the identity and the name does not matter. Any thread.
 */
public final class RoomTls {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final SSLSocketFactory sockets;
    private final boolean namesMatter;

    private RoomTls(SSLSocketFactory sockets, boolean namesMatter) {
        this.sockets = sockets;
        this.namesMatter = namesMatter;
    }

    /** Trusts whom the platform trusts. */
    public static RoomTls ofPlatform() throws GeneralSecurityException {
        return new RoomTls(factory(null), true);
    }

    /** Trusts certificates that lead to one of these authorities, or are one of them. */
    public static RoomTls ofAuthorities(List<X509Certificate> authorities) throws GeneralSecurityException {
        return new RoomTls(factory(Trust.authorities(authorities)), true);
    }

    /** Trusts servers that show a certificate with one of these keys: SHA-256 of its SubjectPublicKeyInfo. */
    public static RoomTls ofPins(List<byte[]> pins) throws GeneralSecurityException {
        return new RoomTls(factory(new TrustManager[]{new PinnedKeys(pins)}), false);
    }

    /** For other connections, HTTPS say, that shall trust the same. */
    public SSLSocketFactory sockets() {
        return sockets;
    }

    /** Whether the name in the certificate counts. */
    public boolean namesMatter() {
        return namesMatter;
    }

    /** The handshake over a connected socket; blocks, within the socket's own time-out. */
    Socket handshake(Socket raw, Address address) throws IOException {
        String name = address.host().isEmpty() ? raw.getInetAddress().getHostAddress() : address.host();
        SSLSocket socket = (SSLSocket) sockets.createSocket(raw, name, address.port(), true);
        socket.setEnabledProtocols(known(VERSIONS, socket.getSupportedProtocols()));
        socket.setEnabledCipherSuites(strong(socket.getSupportedCipherSuites()));
        socket.startHandshake();
        if (namesMatter) {
            Certificate[] shown = socket.getSession().getPeerCertificates();
            if (!PeerName.matches(name, (X509Certificate) shown[0])) {
                throw new IOException("certificate: of another name (expected: " + name + ")");
            }
        }
        return socket;
    }

    private static SSLSocketFactory factory(TrustManager @Nullable [] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        return context.getSocketFactory();
    }

    private static String[] known(String[] wanted, String[] supported) {
        List<String> both = new ArrayList<>(Arrays.asList(wanted));
        both.retainAll(Arrays.asList(supported));
        return both.toArray(new String[0]);
    }

    private static String[] strong(String[] supported) {
        List<String> chosen = new ArrayList<>();
        for (String suite : supported) {
            String name = suite.toUpperCase(Locale.ROOT);
            boolean aead = name.contains("_GCM_") || name.contains("CHACHA20");
            boolean forward = name.startsWith("TLS_AES") || name.startsWith("TLS_CHACHA20")
                    || name.startsWith("TLS_ECDHE");
            if (aead && forward) {
                chosen.add(suite);
            }
        }
        return chosen.toArray(new String[0]);
    }
}
