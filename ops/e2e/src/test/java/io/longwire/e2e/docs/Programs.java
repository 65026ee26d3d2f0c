package io.longwire.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs shells and Python in a directory, with the variables that the page names. */
final class Programs {
    private static final long PATIENCE_SECONDS = 60;

    private final Path place;
    private final Map<String, String> variables;

    Programs(Path place, Map<String, String> variables) {
        this.place = place;
        this.variables = variables;
    }

    String bash(String script) {
        return run(List.of("bash", "-euo", "pipefail", "-c", script));
    }

    String python(String program) {
        return run(List.of("python3", "-c", program));
    }

    void file(String name, String text) {
        try {
            Files.writeString(place.resolve(name), text);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private String run(List<String> command) {
        Path out = place.resolve("out");
        var builder = new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = start(builder, command.getFirst());
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(out, StandardCharsets.UTF_8);
            assertThat(ended).as("ended within %s s, having printed: %s", PATIENCE_SECONDS, text).isTrue();
            assertThat(process.exitValue()).as("exit code; it printed: %s", text).isZero();
            return text;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(ProcessBuilder builder, String program) {
        try {
            return builder.start();
        } catch (IOException missing) {
            throw new AssertionError(
                    program + ": not found (expected: on the PATH; the examples of docs are run with it)",
                    missing);
        }
    }
}
