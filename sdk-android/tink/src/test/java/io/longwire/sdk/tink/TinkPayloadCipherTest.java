package io.longwire.sdk.tink;

import io.longwire.sdk.seal.PayloadCipher;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.longwire.sdk.tink.Rfc9180.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is opened is what RFC 9180 says was sealed, and nothing else. */
class TinkPayloadCipherTest {
    // RFC 9180, A.1.1: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
    private static final byte[] EPHEMERAL = bytes("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
    private static final byte[] ENCAPSULATED = bytes(
            "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
    private static final byte[] RECEIVER = bytes("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
    private static final byte[] RECEIVER_PUBLIC = bytes(
            "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
    private static final byte[] INFO = "Ode on a Grecian Urn".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLAIN = "Beauty is truth, truth beauty".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEALED = bytes("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
            + "6d8770ac83d07bea87e13c512a");

    private static final byte[] CONTEXT = "longwire payload 1\0ep_00000000000000000000\0"
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECRET = bytes("000102030405060708090a0b0c0d0e0f");

    private final PayloadCipher cipher = new TinkPayloadCipher();

    @Test
    void theSecondOpinionAgreesWithTheVectorsOfTheRfc() throws GeneralSecurityException {
        Rfc9180 sender = Rfc9180.sender(EPHEMERAL, ENCAPSULATED, RECEIVER_PUBLIC, INFO);
        Rfc9180 receiver = Rfc9180.receiver(ENCAPSULATED, RECEIVER, RECEIVER_PUBLIC, INFO);
        byte[] aad = "Count-0".getBytes(StandardCharsets.US_ASCII);

        assertThat(sender.key()).isEqualTo(bytes("4531685d41d65f03dc48f6b8302c05b0"));
        assertThat(sender.nonce()).isEqualTo(bytes("56d890e5accaaf011cff4b7d"));
        assertThat(sender.seal(PLAIN, aad)).isEqualTo(SEALED);
        assertThat(receiver.open(SEALED, aad)).isEqualTo(PLAIN);
    }

    @Test
    void opensWhatTheRfcSealsForTheKeyOfItsVectors() throws GeneralSecurityException {
        PayloadCipher.Key key = vectorsKey();
        byte[] sealed = sealed(CONTEXT, SECRET, PLAIN);

        assertThat(key.payloadKey()).isEqualTo(Rfc9180.join(new byte[]{1}, RECEIVER_PUBLIC, SECRET));
        assertThat(key.open(sealed, CONTEXT)).isEqualTo(PLAIN);
        assertThat(sealed).hasSize(PLAIN.length + 48);
    }

    @Test
    void opensNothingThatWasSealedForAnotherContext() throws GeneralSecurityException {
        byte[] other = CONTEXT.clone();
        other[25] ^= 1;
        byte[] sealed = sealed(other, SECRET, PLAIN);

        assertThatThrownBy(() -> vectorsKey().open(sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void opensNothingFromSomebodyWithoutTheSecret() throws GeneralSecurityException {
        byte[] guessed = SECRET.clone();
        guessed[15] ^= 1;
        byte[] sealed = sealed(CONTEXT, guessed, PLAIN);
        byte[] without = sealed(CONTEXT, new byte[0], PLAIN);

        assertThatThrownBy(() -> vectorsKey().open(sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> vectorsKey().open(without, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void opensNothingThatWasSealedForAnotherKey() throws GeneralSecurityException {
        byte[] sealed = sealed(CONTEXT, SECRET, PLAIN);

        assertThatThrownBy(() -> cipher.generate().open(sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 60, 76})
    void opensNothingThatWasChangedOnItsWay(int at) throws GeneralSecurityException {
        byte[] sealed = sealed(CONTEXT, SECRET, PLAIN);
        sealed[at] ^= 4;

        assertThatThrownBy(() -> vectorsKey().open(sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 47, 70})
    void opensNothingThatWasCutShort(int length) throws GeneralSecurityException {
        byte[] sealed = Arrays.copyOf(sealed(CONTEXT, SECRET, PLAIN), length);

        assertThatThrownBy(() -> vectorsKey().open(sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void whatIsKeptOpensAfterARestart() throws GeneralSecurityException {
        PayloadCipher.Key made = cipher.generate();
        PayloadCipher.Key read = cipher.read(made.kept());

        assertThat(made.payloadKey()).hasSize(49);
        assertThat(read.payloadKey()).isEqualTo(made.payloadKey());
        byte[] payloadKey = made.payloadKey();
        byte[] publicKey = Arrays.copyOfRange(payloadKey, 1, 33);
        byte[] secret = Arrays.copyOfRange(payloadKey, 33, 49);
        Rfc9180 sender = Rfc9180.sender(EPHEMERAL, ENCAPSULATED, publicKey, Rfc9180.join(CONTEXT, secret));
        assertThat(read.open(Rfc9180.join(ENCAPSULATED, sender.seal(PLAIN, new byte[0])), CONTEXT)).isEqualTo(PLAIN);
        assertThat(cipher.generate().payloadKey()).isNotEqualTo(made.payloadKey());
    }

    @Test
    void whatIsNoKeyIsRefused() {
        assertThatThrownBy(() -> cipher.read(new byte[48])).isInstanceOf(GeneralSecurityException.class)
                .hasMessage("payload key: 48 bytes (expected: 49, the first one 1)");
        assertThatThrownBy(() -> cipher.read(new byte[49])).isInstanceOf(GeneralSecurityException.class);
    }

    private PayloadCipher.Key vectorsKey() throws GeneralSecurityException {
        return cipher.read(Rfc9180.join(new byte[]{1}, RECEIVER, SECRET));
    }

    private static byte[] sealed(byte[] context, byte[] secret, byte[] plain) throws GeneralSecurityException {
        Rfc9180 sender = Rfc9180.sender(EPHEMERAL, ENCAPSULATED, RECEIVER_PUBLIC, Rfc9180.join(context, secret));
        return Rfc9180.join(ENCAPSULATED, sender.seal(plain, new byte[0]));
    }
}
