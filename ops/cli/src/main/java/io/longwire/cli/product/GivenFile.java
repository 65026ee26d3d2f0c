package io.longwire.cli.product;

import io.longwire.cli.terminal.WrongUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that an option names. Static. */
final class GivenFile {
    private GivenFile() {
    }

    static byte[] bytes(String option, String name) {
        try {
            return Files.readAllBytes(Path.of(name));
        } catch (IOException | InvalidPathException unreadable) {
            throw new WrongUsage(option + ": " + name + " (expected: a file that can be read)");
        }
    }

    static String text(String option, String name) {
        return new String(bytes(option, name), StandardCharsets.UTF_8);
    }
}
