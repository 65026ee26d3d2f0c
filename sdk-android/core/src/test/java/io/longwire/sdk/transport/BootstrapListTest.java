package io.longwire.sdk.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BootstrapListTest {
    private static final String TEXT = """
            longwire-rooms 1
            until 1830297600000
            tls://room-1.example.com:443 north
            tls://203.0.113.7:8443 south
            127.0.0.1:9000
            """;

    @Test
    void readsWhatTheKeySigned() throws Exception {
        for (KeyPair keys : new KeyPair[]{p256(), KeyPairGenerator.getInstance("Ed25519").generateKeyPair()}) {
            BootstrapList list = BootstrapList.read(signed(TEXT, keys), keys.getPublic());

            assertThat(list.untilMillis()).isEqualTo(1_830_297_600_000L);
            assertThat(list.rooms()).extracting(Address::toString).containsExactly("tls://room-1.example.com:443",
                    "tls://203.0.113.7:8443", "127.0.0.1:9000");
            assertThat(list.rooms()).extracting(Address::idc).containsExactly("north", "south", "");
        }
    }

    @Test
    void refusesAnyByteChanged() throws Exception {
        KeyPair keys = p256();
        byte[] signed = signed(TEXT, keys);
        for (int at = 0; at < TEXT.length(); at++) {
            byte[] changed = signed.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> BootstrapList.read(changed, keys.getPublic()))
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void refusesAnotherKeyNoSignatureAndTooMuch() throws Exception {
        KeyPair keys = p256();
        assertThatThrownBy(() -> BootstrapList.read(signed(TEXT, p256()), keys.getPublic()))
                .hasMessageContaining("made by the key of the app");
        assertThatThrownBy(() -> BootstrapList.read(TEXT.getBytes(UTF_8), keys.getPublic()))
                .hasMessageContaining("unsigned");
        assertThatThrownBy(() -> BootstrapList.read(new byte[70_000], keys.getPublic()))
                .hasMessageContaining("70000 bytes");
        assertThatThrownBy(() -> BootstrapList.read((TEXT + "signature xyz").getBytes(UTF_8), keys.getPublic()))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"longwire-rooms 2\nuntil 1\n", "longwire-rooms 1\n", "longwire-rooms 1\nuntil soon\n",
            "longwire-rooms 1\nuntil -1\n", "longwire-rooms 1\nuntil 1\ntls://x\n",
            "longwire-rooms 1\nuntil 1\ntls://x:0\n", "longwire-rooms 1\nuntil 1\ntls://x:65536\n",
            "longwire-rooms 1\nuntil 1\n:443\n"})
    void namesWhatIsWrongWithASignedList(String text) throws Exception {
        KeyPair keys = p256();
        assertThatThrownBy(() -> BootstrapList.read(signed(text, keys), keys.getPublic()))
                .isInstanceOf(GeneralSecurityException.class).hasMessageContaining("(expected: ");
    }

    private static KeyPair p256() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static byte[] signed(String text, KeyPair keys) throws GeneralSecurityException, IOException {
        Signature signature = Signature.getInstance(
                keys.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(text.getBytes(UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(text.getBytes(UTF_8));
        out.write(("signature " + HexFormat.of().formatHex(signature.sign()) + "\n").getBytes(UTF_8));
        return out.toByteArray();
    }
}
