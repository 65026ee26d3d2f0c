package io.longwire.keeper.trust;

import io.longwire.keeper.config.ConfigException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The public keys that are believed. Immutable. */
public final class TrustedKeys {
    private static final String RULE = "an Ed25519 public key in base64, as `longwire host key` prints it";
    private static final int ID_BYTES = 8;

    private final Map<String, PublicKey> byId = new TreeMap<>();

    /** @param texts base64 each; throws ConfigException for one that is no key */
    public TrustedKeys(List<String> texts) {
        for (String text : texts) {
            try {
                PublicKey key = KeyFactory.getInstance("Ed25519")
                        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
                byId.put(idOf(key), key);
            } catch (GeneralSecurityException | IllegalArgumentException broken) {
                throw new ConfigException("trusted: " + text + " (expected: " + RULE + ")");
            }
        }
    }

    public boolean isEmpty() { return byId.isEmpty(); }

    /** The same for a key however its text is written. */
    public Set<String> ids() {
        return Set.copyOf(byId.keySet());
    }

    public boolean knows(String keyId) {
        return byId.containsKey(keyId);
    }

    /** Whether the key of that id is known and signed this content for this purpose. */
    public boolean signed(String keyId, Purpose purpose, byte[] content, byte[] signature) {
        PublicKey key = byId.get(keyId);
        return key != null && verifies(key, purpose, content, signature);
    }

    static String idOf(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("SHA-256 (expected: a JDK that has it)", impossible);
        }
    }

    static boolean verifies(PublicKey key, Purpose purpose, byte[] content, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(purpose.prefix());
            check.update(content);
            return check.verify(signature);
        } catch (SignatureException | InvalidKeyException malformed) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 (expected: a JDK that has it)", impossible);
        }
    }
}
