package io.longwire.sdk.tink;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.subtle.X25519;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import io.longwire.sdk.seal.PayloadCipher;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Payloads sealed by HPKE (RFC 9180): base mode, X25519, HKDF-SHA256, AES-128-GCM. Base mode says nothing of who
 * sealed, and a public key is no secret. So one goes into the info that only the app, the platform and the product
 * have; without it nobody gets at the key that the payload is encrypted with.
 */
public final class TinkPayloadCipher implements PayloadCipher {
    private static final byte SUITE = 1;
    private static final int KEY_BYTES = 32;
    private static final int SECRET_BYTES = 16;
    private static final int KEPT_BYTES = 1 + KEY_BYTES + SECRET_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public Key generate() throws GeneralSecurityException {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new Pair(X25519.generatePrivateKey(), secret);
    }

    @Override
    public Key read(byte[] kept) throws GeneralSecurityException {
        if (kept.length != KEPT_BYTES || kept[0] != SUITE) {
            throw new GeneralSecurityException("payload key: " + kept.length + " bytes (expected: " + KEPT_BYTES
                    + ", the first one " + SUITE + ")");
        }
        return new Pair(Arrays.copyOfRange(kept, 1, 1 + KEY_BYTES),
                Arrays.copyOfRange(kept, 1 + KEY_BYTES, KEPT_BYTES));
    }

    private static final class Pair implements Key {
        private final byte[] privateKey;
        private final byte[] publicKey;
        private final byte[] secret;
        private final HybridDecrypt opener;

        Pair(byte[] privateKey, byte[] secret) throws GeneralSecurityException {
            this.privateKey = privateKey;
            this.secret = secret;
            publicKey = X25519.publicFromPrivate(privateKey);
            opener = opener(publicKey, privateKey);
        }

        @AccessesPartialKey
        private static HybridDecrypt opener(byte[] publicKey, byte[] privateKey) throws GeneralSecurityException {
            HpkeParameters suite = HpkeParameters.builder().setVariant(HpkeParameters.Variant.NO_PREFIX)
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256).setAeadId(HpkeParameters.AeadId.AES_128_GCM).build();
            HpkePrivateKey key = HpkePrivateKey.create(
                    HpkePublicKey.create(suite, Bytes.copyFrom(publicKey), null),
                    SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get()));
            KeysetHandle keys = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary()).build();
            return keys.getPrimitive(HybridConfig2026.get(), HybridDecrypt.class);
        }

        @Override
        public byte[] kept() {
            return joined(new byte[]{SUITE}, joined(privateKey, secret));
        }

        @Override
        public byte[] payloadKey() {
            return joined(new byte[]{SUITE}, joined(publicKey, secret));
        }

        @Override
        public byte[] open(byte[] sealed, byte[] context) throws GeneralSecurityException {
            return opener.decrypt(sealed, joined(context, secret));
        }

        private static byte[] joined(byte[] first, byte[] second) {
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }
    }
}
