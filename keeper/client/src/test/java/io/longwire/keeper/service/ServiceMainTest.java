package io.longwire.keeper.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ServiceMainTest {
    @TempDir
    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("part.yaml");
        Files.writeString(file, "size: 7\n");
    }

    @Test
    void checksAndPrintsAConfiguration() {
        assertThat(run("--config", file.toString(), "--check-config")).isZero();
        assertThat(run("--config", file.toString(), "--set", "service.idc=east", "--print-config")).isZero();

        assertThat(text(out)).contains("the configuration is right").contains("size: 7").contains("idc: east");
    }

    @Test
    void saysInOneSentenceWhatIsWrong() throws IOException {
        Files.writeString(file, "size: 700\n");

        assertThat(run("--config", file.toString(), "--check-config")).isEqualTo(2);
        assertThat(text(err)).isEqualTo(file + ":1:1: size: 700 (expected: a whole number from 1 to 100)\n");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("--confg")).isEqualTo(2);
        assertThat(run("--config")).isEqualTo(2);
        assertThat(run("--config", folder.resolve("none.yaml").toString())).isEqualTo(2);

        assertThat(text(err)).contains("--confg: unknown argument").contains("--config: nothing")
                .contains("none.yaml: cannot be read");
        assertThat(text(err).lines()).hasSize(3);
    }

    @Test
    void endsWithTwoWhenItCannotStart() {
        assertThat(run("--set", "service.zookeeper=127.0.0.1:1", "--set", "service.cluster.startWait=100ms", "--set",
                "service.dataDir=" + folder)).isEqualTo(2);

        assertThat(text(err)).contains("ZooKeeper at 127.0.0.1:1 did not answer within 100 ms").hasLineCount(1);
    }

    private int run(String... args) {
        return ServiceMain.execute("room", args, TestPart.reader(), (service, config) -> {
        }, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
