package io.longwire.keeper.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class HaltPointsTest {
    /** What dies. */
    static final class Victim {
        public static void main(String[] args) {
            HaltPoints halts = HaltPoints.armed(List.of("center.stored:3"));
            for (int passage = 1; passage <= Integer.parseInt(args[0]); passage++) {
                halts.pass("center.looked");
                halts.pass("center.stored");
            }
        }
    }

    @Test
    void diesAtThePassageNamed() throws Exception {
        assertThat(exitCode("1", "2")).isZero();
        assertThat(exitCode("1", "3")).isEqualTo(137);
    }

    @Test
    void isRefusedOutsideTests() throws Exception {
        assertThat(exitCode("0", "3")).isEqualTo(1);
    }

    private static int exitCode(String allowed, String passages) throws IOException, InterruptedException {
        var command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Victim.class.getName(), passages);
        command.environment().put("LONGWIRE_TEST", allowed);
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = command.start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
