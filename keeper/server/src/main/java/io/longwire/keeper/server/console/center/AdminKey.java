package io.longwire.keeper.server.console.center;

import io.longwire.keeper.server.console.web.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The operator's API key, from its file. Read at each call, so that a changed one counts at once. Thread-safe.
 *
 * @param file empty = none: every call is refused
 */
public record AdminKey(String file) {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.~+/=-]{8,200}");

    /** Throws {@link Refusal} UNAVAILABLE if there is none. */
    public String text() {
        if (file.isEmpty()) {
            throw Refusal.because(Refusal.Why.UNAVAILABLE,
                    "console.adminKeyFile: not set (expected: the file with the operator's API key)");
        }
        try {
            String text = Files.readString(Path.of(file)).strip();
            if (!KEY.matcher(text).matches()) { // not shown: it may be the key and a bit more
                throw Refusal.because(Refusal.Why.UNAVAILABLE, "console.adminKeyFile: holds something else (expected: "
                        + "the operator's API key alone, in one line)");
            }
            return text;
        } catch (IOException unreadable) {
            throw Refusal.because(Refusal.Why.UNAVAILABLE,
                    "console.adminKeyFile: not readable (expected: the file with the operator's API key)");
        }
    }

    @Override
    public String toString() {
        return "AdminKey[" + file + "]";
    }
}
