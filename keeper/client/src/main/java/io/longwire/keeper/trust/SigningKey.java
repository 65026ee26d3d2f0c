package io.longwire.keeper.trust;

import io.longwire.keeper.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** A private Ed25519 key with its public half, kept in one PEM file that only its owner may read. Thread-safe. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final String RULE = "a file that `longwire host key` made";

    private final PrivateKey secret;
    private final PublicKey open;

    private SigningKey(KeyPair pair) {
        this.secret = pair.getPrivate();
        this.open = pair.getPublic();
    }

    /** A fresh one, in memory. */
    public static SigningKey generate() {
        try {
            return new SigningKey(KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 (expected: a JDK that has it)", impossible);
        }
    }

    /** A fresh one in a new file. Throws IOException if the file is there already. */
    public static SigningKey create(Path file) throws IOException {
        SigningKey key = generate();
        String text = pem("PRIVATE KEY", key.secret.getEncoded()) + pem("PUBLIC KEY", key.open.getEncoded());
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
        return key;
    }

    /** Throws ConfigException if there is none, or it is broken. */
    public static SigningKey read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            var key = new SigningKey(new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(block(text, "PUBLIC KEY"))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(block(text, "PRIVATE KEY")))));
            byte[] probe = {1, 2, 3};
            if (!TrustedKeys.verifies(key.open, Purpose.ORDER, probe, key.sign(Purpose.ORDER, probe))) {
                throw new ConfigException(file + ": the two halves are of different keys (expected: " + RULE + ")");
            }
            return key;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException broken) {
            throw new ConfigException(file + ": " + broken.getMessage() + " (expected: " + RULE + ")");
        }
    }

    /** Names the key in what it signs. */
    public String id() {
        return TrustedKeys.idOf(open);
    }

    /** What an agent's configuration lists under {@code trusted}. */
    public String publicText() {
        return Base64.getEncoder().encodeToString(open.getEncoded());
    }

    public byte[] sign(Purpose purpose, byte[] content) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(purpose.prefix());
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 (expected: a JDK that has it)", impossible);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
    }

    private static byte[] block(String text, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + kind + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + kind);
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }
}
