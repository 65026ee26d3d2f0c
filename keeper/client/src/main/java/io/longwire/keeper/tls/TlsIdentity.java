package io.longwire.keeper.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * A certificate chain and the key of its first certificate, read at one moment and proved to belong together: files
 * that are being replaced may be seen half new.
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads a PEM chain and its PEM key (PKCS#8, not encrypted).
     *
     * @throws IOException with one sentence, without any part of the key
     */
    public static TlsIdentity read(Path certificate, Path key) throws IOException {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate))).stream()
                    .map(X509Certificate.class::cast).toList();
            if (chain.isEmpty()) {
                throw new IOException("no certificate in " + certificate);
            }
            PublicKey shown = chain.getFirst().getPublicKey();
            PrivateKey held = KeyFactory.getInstance(shown.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(der(key)));
            if (!fits(shown, held)) {
                throw new IOException("the key is not that of the first certificate");
            }
            return new TlsIdentity(held, chain);
        } catch (GeneralSecurityException | ClassCastException unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
    }

    /** The end of the certificate that ends first, unix ms. */
    public long expiresMillis() {
        return chain.stream().mapToLong(certificate -> certificate.getNotAfter().toInstant().toEpochMilli()).min()
                .orElse(0);
    }

    private static byte[] der(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IOException("no PRIVATE KEY (PKCS#8, not encrypted) in " + file);
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
        } catch (IllegalArgumentException notBase64) {
            throw new IOException("no base64 between the lines of " + file, notBase64);
        }
    }

    private static boolean fits(PublicKey shown, PrivateKey held) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(switch (shown.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> shown.getAlgorithm();
        });
        byte[] probe = "longwire".getBytes(StandardCharsets.US_ASCII);
        signature.initSign(held);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(shown);
        signature.update(probe);
        return signature.verify(signed);
    }
}
