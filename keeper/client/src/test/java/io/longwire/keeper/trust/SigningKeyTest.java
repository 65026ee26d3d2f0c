package io.longwire.keeper.trust;

import io.longwire.keeper.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SigningKeyTest {
    private static final byte[] CONTENT = "restart room-1".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path place;

    @Test
    void keepsAKeyThatOnlyItsOwnerReads() throws IOException {
        Path file = place.resolve("key.pem");
        SigningKey made = SigningKey.create(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        SigningKey read = SigningKey.read(file);
        assertThat(read.id()).isEqualTo(made.id());
        assertThat(read.publicText()).isEqualTo(made.publicText());
        assertThatThrownBy(() -> SigningKey.create(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void believesOnlyWhatATrustedKeySignedForThatPurpose() {
        SigningKey key = SigningKey.generate();
        SigningKey stranger = SigningKey.generate();
        var trusted = new TrustedKeys(List.of(key.publicText()));
        byte[] signature = key.sign(Purpose.ORDER, CONTENT);
        assertThat(trusted.signed(key.id(), Purpose.ORDER, CONTENT, signature)).isTrue();
        assertThat(trusted.signed(key.id(), Purpose.VERSION, CONTENT, signature)).isFalse();
        assertThat(trusted.signed(stranger.id(), Purpose.ORDER, CONTENT, stranger.sign(Purpose.ORDER, CONTENT)))
                .isFalse();
        assertThat(trusted.signed(key.id(), Purpose.ORDER, CONTENT, stranger.sign(Purpose.ORDER, CONTENT))).isFalse();
        assertThat(trusted.signed(key.id(), Purpose.ORDER, CONTENT, new byte[0])).isFalse();
        byte[] other = CONTENT.clone();
        other[0]++;
        assertThat(trusted.signed(key.id(), Purpose.ORDER, other, signature)).isFalse();
    }

    @Test
    void saysWhatIsNoKey() throws IOException {
        Path file = place.resolve("broken.pem");
        Files.writeString(file, "nothing");
        assertThatThrownBy(() -> SigningKey.read(file)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("broken.pem: no PUBLIC KEY (expected: ");
        assertThatThrownBy(() -> new TrustedKeys(List.of("c3RyYW5nZQ=="))).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("trusted: c3RyYW5nZQ== (expected: an Ed25519 public key");
    }

    @Test
    void refusesTheHalvesOfTwoKeys() throws IOException {
        Path one = place.resolve("one.pem");
        Path two = place.resolve("two.pem");
        SigningKey.create(one);
        SigningKey.create(two);
        String first = Files.readString(one);
        String second = Files.readString(two);
        Files.writeString(one, first.substring(0, first.indexOf("-----BEGIN PUBLIC"))
                + second.substring(second.indexOf("-----BEGIN PUBLIC")));
        assertThatThrownBy(() -> SigningKey.read(one)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("of different keys");
    }
}
