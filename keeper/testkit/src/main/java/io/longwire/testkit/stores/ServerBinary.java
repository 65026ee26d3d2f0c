package io.longwire.testkit.stores;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** Where a server's program is: what the environment names, else what PATH holds. The bundled ones come after. */
final class ServerBinary {
    private ServerBinary() {}

    /** The program named by the variable, else the first of the names on PATH, else null. */
    static @Nullable Path installed(String variable, String... names) {
        String named = System.getenv(variable);
        if (named != null && !named.isBlank()) {
            Path program = Path.of(named);
            if (!Files.isExecutable(program)) {
                throw new StoreException(variable + ": " + named + " (expected: a program that can be run)");
            }
            return program;
        }
        for (String name : names) {
            Path program = onPath(name);
            if (program != null) {
                return program;
            }
        }
        return null;
    }

    static @Nullable Path onPath(String name) {
        String path = System.getenv("PATH");
        // Servers live in sbin, which is not on everybody's PATH.
        for (String directory : ((path == null ? "" : path) + ":/usr/sbin").split(File.pathSeparator, -1)) {
            Path program = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return program;
            }
        }
        return null;
    }

    /** The first line the program prints when asked for its version. */
    static String version(Path program) {
        try {
            var process = new ProcessBuilder(List.of(program.toString(), "--version")).redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(10, TimeUnit.SECONDS);
            return text.strip().lines().findFirst().orElse("");
        } catch (IOException failure) {
            throw new StoreException("program: " + program + " (expected: it runs): " + failure, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("program: " + program + " (expected: not interrupted)", interrupted);
        }
    }
}
