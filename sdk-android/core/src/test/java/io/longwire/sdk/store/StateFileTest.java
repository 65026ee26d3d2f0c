package io.longwire.sdk.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class StateFileTest {
    @TempDir
    File directory;

    @Test
    void readsWhatWasWritten() throws IOException {
        file().write("one".getBytes(UTF_8));
        file().write("two".getBytes(UTF_8));

        assertThat(file().read()).isEqualTo("two".getBytes(UTF_8));
    }

    @Test
    void isNothingBeforeTheFirstWrite() throws IOException {
        assertThat(file().read()).isNull();
    }

    @Test
    void keepsTheOldContentWhenTheProcessEndedBeforeTheRename() throws IOException {
        file().write("old".getBytes(UTF_8));
        byte[] whole = Files.readAllBytes(new File(directory, "state").toPath());
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(new File(directory, "state.new").toPath(), Arrays.copyOf(whole, cut));

            assertThat(file().read()).isEqualTo("old".getBytes(UTF_8));
            assertThat(new File(directory, "state.new")).doesNotExist();
        }
    }

    @Test
    void dropsAFileWithAnyByteChangedOrMissing() throws IOException {
        file().write("some state".getBytes(UTF_8));
        byte[] whole = Files.readAllBytes(new File(directory, "state").toPath());
        for (int at = 0; at < whole.length; at++) {
            byte[] broken = whole.clone();
            broken[at] ^= 0x10;
            expectDropped(broken);
            expectDropped(Arrays.copyOf(whole, at));
        }
        expectDropped(Arrays.copyOf(whole, whole.length + 1));
    }

    private void expectDropped(byte[] content) throws IOException {
        Files.write(new File(directory, "state").toPath(), content);
        assertThat(file().read()).isNull();
        assertThat(new File(directory, "state")).doesNotExist();
        file().write("fresh".getBytes(UTF_8));
        assertThat(file().read()).isEqualTo("fresh".getBytes(UTF_8));
    }

    private StateFile file() {
        return new StateFile(directory, "state", false);
    }
}
