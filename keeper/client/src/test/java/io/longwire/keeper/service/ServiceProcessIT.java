package io.longwire.keeper.service;

import io.longwire.keeper.config.Live;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class ServiceProcessIT {
    @TempDir
    private Path data;

    /** A part that says what it does. */
    static final class Part {
        public static void main(String[] args) {
            Service.run("room", args, TestPart.reader(), (service, config) -> {
                var log = LoggerFactory.getLogger(Service.class);
                Live<Integer> size = service.live(TestPart.Config::size);
                size.onChange(now -> log.info("size is now {}", now));
                service.onDrain(() -> log.info("drained"));
                service.onReady(() -> log.info("ready with size {}", size.get()));
            });
        }
    }

    @Test
    void followsItsFileAndEndsWithZeroAfterADrain() throws Exception {
        try (var zookeeper = new TestingServer()) {
            Path file = data.resolve("room.yaml");
            String common = "service: {zookeeper: '" + zookeeper.getConnectString() + "', dataDir: '" + data + "'}\n";
            Files.writeString(file, common + "size: 6\n");
            var lines = new CopyOnWriteArrayList<String>();
            Process process = start(lines, "--config", file.toString());
            try {
                awaitLine(lines, "ready with size 6");

                Files.writeString(file, common + "size: 600\n");
                awaitLine(lines, "room.yaml:2:1: size: 600 (expected: a whole number from 1 to 100)");
                Files.writeString(file, common + "size: 17\n");
                awaitLine(lines, "size is now 17");

                process.toHandle().destroy(); // SIGTERM; Process.destroy would close the output, too
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
                awaitLine(lines, "room has ended");
                assertThat(lines).anyMatch(line -> line.contains("drained"));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void awaitLine(List<String> lines, String text) {
        await().atMost(Duration.ofSeconds(60)).until(() -> lines.stream().anyMatch(line -> line.contains(text)));
    }

    private static Process start(List<String> lines, String... args) throws IOException {
        var command = new ArrayList<String>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                        Part.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread.ofVirtual().start(() -> process.inputReader(StandardCharsets.UTF_8).lines().forEach(lines::add));
        return process;
    }
}
