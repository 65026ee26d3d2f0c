package io.longwire.keeper.server.console.center;

import io.longwire.keeper.server.console.web.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AdminKeyTest {
    private static final String KEY = "lwadmin_0123456789abcdef";

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void readsTheKeyWithoutTheSpaceAroundIt() throws IOException {
        assertThat(key(" " + KEY + "\r\n\n").text()).isEqualTo(KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\ufeff" + KEY, KEY + "\nanother line", KEY + " comment", "", KEY + "\u0001", KEY + "\u00e9"})
    void refusesWhatIsNoKeyWithoutShowingIt(String text) throws IOException {
        assertThatThrownBy(() -> key(text).text()).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.why()).isEqualTo(Refusal.Why.UNAVAILABLE);
            assertThat(refusal.detail()).startsWith("console.adminKeyFile: ").doesNotContain("lwadmin");
        });
    }

    @Test
    void saysThatThereIsNone() {
        assertThatThrownBy(() -> new AdminKey("").text()).hasMessageContaining("not set");
        assertThatThrownBy(() -> new AdminKey(folder.resolve("none").toString()).text())
                .hasMessageContaining("not readable");
    }

    private AdminKey key(String text) throws IOException {
        return new AdminKey(Files.writeString(folder.resolve("key"), text).toString());
    }
}
