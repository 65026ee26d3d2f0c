package io.longwire.testkit.process;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class JavaProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void runsAMainWithItsArgumentsAndEnvironment() {
        try (var process = JavaProcess.start(options("word").environment("TALKING", "loudly"))) {
            var line = process.awaitLine("ready with (\\w+) and (\\w+)", LIMIT);
            assertThat(line.group(1)).isEqualTo("word");
            assertThat(line.group(2)).isEqualTo("loudly");
            assertThat(process.pid()).isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void endsInOrderWhenStoppedAndNotWhenKilled() {
        try (var process = started()) {
            assertThat(process.stop(LIMIT)).isEqualTo(128 + 15);
            assertThat(process.output()).contains("ending in order");
            assertThat(process.alive()).isFalse();
        }
        try (var process = started()) {
            process.kill9();
            assertThat(process.awaitExit(Duration.ZERO)).isEqualTo(128 + 9);
            assertThat(process.output()).doesNotContain("ending in order");
        }
    }

    @Test
    void standsStillWhileFrozen() {
        try (var process = started()) {
            process.awaitLine("tick 1", LIMIT);
            process.freeze();
            String frozen = process.output();
            Awaitility.await().during(Duration.ofMillis(300)).atMost(LIMIT)
                    .until(() -> process.output().equals(frozen));
            process.thaw();
            Awaitility.await().until(() -> !process.output().equals(frozen));
        }
    }

    @Test
    void saysHowItEndedWhenTheLineNeverCame() {
        try (var process = JavaProcess.start(options("fail"))) {
            assertThatThrownBy(() -> process.awaitLine("ready", LIMIT)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("TalkingMain line: /ready/ not printed").hasMessageContaining("ended with 1")
                    .hasMessageContaining("told to fail");
        }
        try (var process = started()) {
            assertThatThrownBy(() -> process.awaitLine("never", Duration.ofMillis(50)))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("still running");
        }
    }

    private JavaProcess started() {
        var process = JavaProcess.start(options("word"));
        process.awaitLine("ready", LIMIT);
        return process;
    }

    private JavaProcess.Options options(String argument) {
        return JavaProcess.Options.of(TalkingMain.class, directory.resolve("output")).arguments(argument);
    }
}
