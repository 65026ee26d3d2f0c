package io.longwire.coordinator.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The scripts; each is loaded on every new connection and called by its digest. What they do stands in them. */
public enum Script {
    KEEP(ScriptOutputType.INTEGER, "append"), //
    JOIN(ScriptOutputType.INTEGER), //
    INTEREST(ScriptOutputType.MULTI), //
    LEASE(ScriptOutputType.INTEGER), //
    GIVE(ScriptOutputType.MULTI), //
    SETTLE(ScriptOutputType.INTEGER), //
    TRIM(ScriptOutputType.MULTI), //
    TELL(ScriptOutputType.MULTI, "append"), //
    CURSOR(ScriptOutputType.MULTI), //
    LOOK(ScriptOutputType.MULTI), //
    CHANGE(ScriptOutputType.INTEGER), //
    RAISE(ScriptOutputType.INTEGER, "append"), //
    CALLBACK(ScriptOutputType.INTEGER), //
    RECEIPT(ScriptOutputType.MULTI, "append");

    private final ScriptOutputType output;
    private final String text;

    /** @param before files that stand before its own */
    Script(ScriptOutputType output, String... before) {
        this.output = output;
        var whole = new StringBuilder();
        for (String file : before) {
            whole.append(read(file));
        }
        this.text = whole.append(read(name().toLowerCase(Locale.ROOT))).toString();
    }

    private static String read(String file) {
        try (InputStream in = Script.class.getResourceAsStream("/io/longwire/coordinator/redis/" + file + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("script: " + file + " (expected: in the jar)");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    ScriptOutputType output() {
        return output;
    }

    String text() {
        return text;
    }
}
