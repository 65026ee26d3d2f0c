package io.longwire.center.client;

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
import com.google.protobuf.ByteString;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.center.client.call.ScriptedCenter;
import io.longwire.rpc.center.Encryption;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.SendRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the endpoint's private key opens, and for which endpoint. */
class PayloadKeyTest {
    private static final String ENDPOINT = "ep_wqkbmr51tqt0f3gz6k7g";
    private static final byte[] SECRET = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);

    private final byte[] privateKey = X25519.generatePrivateKey();
    private final byte[] payloadKey = payloadKey();
    private final PayloadKey key = PayloadKey.of(ENDPOINT, payloadKey);

    @Test
    void theEndpointsKeyOpensWhatWasSealedForIt() throws GeneralSecurityException {
        byte[] sealed = key.seal("hello".getBytes(StandardCharsets.UTF_8));

        assertThat(sealed).hasSize(5 + 48);
        assertThat(opened(sealed, ENDPOINT)).isEqualTo("hello");
        assertThat(key.seal("hello".getBytes(StandardCharsets.UTF_8))).as("each time").isNotEqualTo(sealed);
        assertThatThrownBy(() -> opened(sealed, "ep_00000000000000000000"))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aSealedMessageGoesToItsEndpointWithItsMark() throws GeneralSecurityException {
        SendRequest request = Message.to("ep_other").payload("hello").collapseKey("k").sealedFor(key).request();

        assertThat(request.getTo().getEndpoint()).isEqualTo(ENDPOINT);
        assertThat(request.getEncryption()).isEqualTo(Encryption.HPKE);
        assertThat(request.getCollapseKey()).isEqualTo("k");
        assertThat(opened(request.getPayload().toByteArray(), ENDPOINT)).isEqualTo("hello");
        assertThat(Message.to(ENDPOINT).payload("a").sealedFor(key).payload("b").request().getEncryption())
                .as("a payload that is set later").isEqualTo(Encryption.PLAIN);
    }

    @Test
    void takesWhatFitsWhenItIsSealed() {
        assertThat(key.seal(new byte[PayloadKey.MOST])).hasSize(4096);
        assertThatIllegalArgumentException().isThrownBy(() -> key.seal(new byte[PayloadKey.MOST + 1]))
                .withMessage("payload: 4049 bytes (expected: at most 4048 to be sealed)");
    }

    @Test
    void refusesKeysOfAnotherKind() {
        assertThatIllegalArgumentException().isThrownBy(() -> PayloadKey.of(ENDPOINT, new byte[48]))
                .withMessage("payload key: 48 bytes (expected: 49, the first one 1)");
        byte[] later = payloadKey.clone();
        later[0] = 2;
        assertThatIllegalArgumentException().isThrownBy(() -> PayloadKey.of(ENDPOINT, later));
    }

    @Test
    void comesFromThePlatformAndCanBeKept() throws GeneralSecurityException {
        try (var center = new ScriptedCenter(RetryPolicy.DEFAULT)) {
            center.then(io.longwire.rpc.center.PayloadKey.newBuilder().setEndpoint(ENDPOINT)
                    .setPayloadKey(ByteString.copyFrom(payloadKey)).build());

            PayloadKey read = new LongwireBackend(center.calls()).endpoints().payloadKey("ep_asked").await();

            assertThat(center.asked(GetEndpointRequest.class)).extracting(GetEndpointRequest::getEndpoint)
                    .containsExactly("ep_asked");
            PayloadKey kept = PayloadKey.of(read.endpoint(), read.bytes());
            assertThat(opened(kept.seal("kept".getBytes(StandardCharsets.UTF_8)), ENDPOINT)).isEqualTo("kept");
            assertThat(read.toString()).isEqualTo("payload key of " + ENDPOINT);
        }
    }

    private byte[] payloadKey() {
        try {
            byte[] all = Arrays.copyOf(new byte[]{1}, 49);
            System.arraycopy(X25519.publicFromPrivate(privateKey), 0, all, 1, 32);
            System.arraycopy(SECRET, 0, all, 33, 16);
            return all;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String opened(byte[] sealed, String endpoint) throws GeneralSecurityException {
        HpkeParameters suite = HpkeParameters.builder().setVariant(HpkeParameters.Variant.NO_PREFIX)
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256).setAeadId(HpkeParameters.AeadId.AES_128_GCM).build();
        HpkePrivateKey opens = HpkePrivateKey.create(
                HpkePublicKey.create(suite, Bytes.copyFrom(Arrays.copyOfRange(payloadKey, 1, 33)), null),
                SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get()));
        HybridDecrypt decrypt = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(opens).withRandomId().makePrimary()).build()
                .getPrimitive(HybridConfig2026.get(), HybridDecrypt.class);
        byte[] info = ("longwire payload 1\0" + endpoint + "\0" + new String(SECRET, StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        return new String(decrypt.decrypt(sealed, info), StandardCharsets.UTF_8);
    }
}
