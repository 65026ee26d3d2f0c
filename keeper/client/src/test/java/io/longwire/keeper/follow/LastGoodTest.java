package io.longwire.keeper.follow;

import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class LastGoodTest {
    private static final ConfigVersion SIX = version(6);
    private static final ConfigVersion SEVEN = version(7);

    @TempDir
    private Path data;

    @Test
    void beginsWithWhatWasToldLastUntilAStartWithItFails() {
        disk().proven(SIX);
        disk().wanted(SEVEN);
        assertThat(disk().first()).isEqualTo(SEVEN);

        disk().trying(SEVEN); // and that start never serves

        assertThat(disk().first()).isEqualTo(SIX);
        assertThat(disk().failed()).isEqualTo(7);
        disk().trying(SIX);
        disk().proven(SIX); // it serves
        assertThat(disk().failed()).isZero();
        assertThat(disk().first()).isEqualTo(SIX);
        disk().trying(SEVEN);
        disk().proven(SEVEN);
        assertThat(disk().first()).isEqualTo(SEVEN);
        assertThat(disk().failed()).isZero();
    }

    @Test
    void keepsTheVersionBeforeUntilTheOneThatIsTriedIsProven() {
        disk().proven(SIX);
        disk().wanted(SEVEN); // laid while a rollout is under way
        disk().trying(SEVEN); // a start with it, which may serve

        disk().wanted(SEVEN); // told again
        assertThat(disk().failed()).as("what dies now has failed with it").isEqualTo(7);
        assertThat(disk().first()).isEqualTo(SIX);
        disk().ended();
        assertThat(disk().failed()).as("it ended in order").isZero();
        assertThat(disk().first()).isEqualTo(SEVEN);
        assertThat(disk().proven()).isEqualTo(SIX);
        disk().trying(SEVEN);
        disk().wanted(version(8));
        assertThat(disk().failed()).as("another is wanted").isZero();
        assertThat(disk().first().getNumber()).isEqualTo(8);
    }

    @Test
    void beginsWithTheFileAloneAfterARollbackToNoVersion() {
        disk().proven(SEVEN);
        disk().wanted(ConfigVersion.getDefaultInstance());

        assertThat(disk().first().getNumber()).isZero();
        assertThat(disk().proven()).as("until the part serves without it").isEqualTo(SEVEN);
    }

    @Test
    void countsWhatIsNotWholeAsNothing() throws IOException {
        disk().proven(SIX);
        Path file = data.resolve("room-config.bin");
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(disk().first().getNumber()).as("%d bytes of %d", length, whole.length).isZero();
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] broken = whole.clone();
            broken[i] ^= 1;
            Files.write(file, broken);
            assertThat(disk().first().getNumber()).as("byte %d is another", i).isZero();
        }
        Files.write(file, whole);
        assertThat(disk().first()).isEqualTo(SIX);
    }

    private LastGood disk() {
        return new LastGood(data, "room");
    }

    private static ConfigVersion version(long number) {
        return ConfigVersion.newBuilder().setNumber(number).setPart("room")
                .addLayers(ConfigLayer.newBuilder().setYaml("size: " + number)).build();
    }
}
