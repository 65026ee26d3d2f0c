package io.longwire.center.client;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.util.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * What payloads for one endpoint are sealed with: the public half of a key that its app made and alone has, and a
 * secret that proves to the app that it was the product who sealed. Sealing is HPKE (RFC 9180) by Tink, in base mode
 * with X25519, HKDF-SHA256 and AES-128-GCM; docs/protocol.md has the bytes. Immutable, thread-safe; whoever has it can
 * write to the app as the product does, so it is kept like an API key.
 */
public final class PayloadKey {
    /** The longest payload that can be sealed: what sealing adds must fit, too. */
    public static final int MOST = 4096 - 48;

    private static final byte SUITE = 1;
    private static final int PUBLIC_BYTES = 32;
    private static final int SECRET_BYTES = 16;
    private static final String LABEL = "longwire payload 1";

    private final String endpoint;
    private final byte[] bytes;
    private final HybridEncrypt sealer;

    private PayloadKey(String endpoint, byte[] bytes, HybridEncrypt sealer) {
        this.endpoint = endpoint;
        this.bytes = bytes;
        this.sealer = sealer;
    }

    /**
     * The key of an endpoint, of a backend that keeps keys itself.
     *
     * @param endpoint as the platform spells it
     * @param payloadKey as the API gave it
     * @throws IllegalArgumentException a key of another kind, which a later client may know
     */
    public static PayloadKey of(String endpoint, byte[] payloadKey) {
        if (payloadKey.length != 1 + PUBLIC_BYTES + SECRET_BYTES || payloadKey[0] != SUITE) {
            throw new IllegalArgumentException("payload key: " + payloadKey.length + " bytes (expected: "
                    + (1 + PUBLIC_BYTES + SECRET_BYTES) + ", the first one " + SUITE + ")");
        }
        byte[] own = payloadKey.clone();
        try {
            return new PayloadKey(endpoint, own, sealer(Arrays.copyOfRange(own, 1, 1 + PUBLIC_BYTES)));
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("payload key: " + unusable.getMessage() + " (expected: a public key)",
                    unusable);
        }
    }

    @AccessesPartialKey
    private static HybridEncrypt sealer(byte[] publicKey) throws GeneralSecurityException {
        HpkeParameters suite = HpkeParameters.builder().setVariant(HpkeParameters.Variant.NO_PREFIX)
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256).setAeadId(HpkeParameters.AeadId.AES_128_GCM).build();
        HpkePublicKey key = HpkePublicKey.create(suite, Bytes.copyFrom(publicKey), null);
        KeysetHandle keys = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary()).build();
        return keys.getPrimitive(HybridConfig2026.get(), HybridEncrypt.class);
    }

    public String endpoint() {
        return endpoint;
    }

    /** To keep it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The payload sealed, for a backend that sends in another way than {@link Message#sealedFor}: each time other
     * bytes, 48 more than it has.
     */
    public byte[] seal(byte[] payload) {
        if (payload.length > MOST) {
            throw new IllegalArgumentException("payload: " + payload.length + " bytes (expected: at most " + MOST
                    + " to be sealed)");
        }
        byte[] context = (LABEL + "\0" + endpoint + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] info = ByteBuffer.allocate(context.length + SECRET_BYTES).put(context)
                .put(bytes, 1 + PUBLIC_BYTES, SECRET_BYTES).array();
        try {
            return sealer.encrypt(payload, info);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("payload: not sealed (expected: a key that was usable stays so)",
                    impossible);
        }
    }

    @Override
    public String toString() {
        return "payload key of " + endpoint;
    }
}
