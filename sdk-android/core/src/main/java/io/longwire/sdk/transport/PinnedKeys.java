package io.longwire.sdk.transport;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/** Trusts a chain that shows one of the pinned keys as the server's own, within the certificate's dates. */
final class PinnedKeys implements X509TrustManager {
    private final List<byte[]> pins;

    PinnedKeys(List<byte[]> pins) {
        this.pins = new ArrayList<>(pins);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        chain[0].checkValidity();
        byte[] shown = sha256(chain[0].getPublicKey().getEncoded());
        for (byte[] pin : pins) {
            if (MessageDigest.isEqual(pin, shown)) {
                return;
            }
        }
        throw new CertificateException("key: not pinned (expected: one of " + pins.size() + " pins)");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("client: " + authType + " (expected: none, this side is the client)");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }

    private static byte[] sha256(byte[] bytes) throws CertificateException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new CertificateException("SHA-256: missing (expected: in every Java and Android)", impossible);
        }
    }
}
