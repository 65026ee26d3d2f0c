package io.longwire.coordinator.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The scripts; each is loaded on every new connection and called by its digest. What they do stands in them. */
public enum Script {
    KEEP(ScriptOutputType.INTEGER), //
    JOIN(ScriptOutputType.INTEGER), //
    INTEREST(ScriptOutputType.MULTI), //
    LEASE(ScriptOutputType.INTEGER), //
    GIVE(ScriptOutputType.MULTI), //
    SETTLE(ScriptOutputType.INTEGER), //
    TRIM(ScriptOutputType.MULTI), //
    TELL(ScriptOutputType.MULTI), //
    CURSOR(ScriptOutputType.MULTI), //
    LOOK(ScriptOutputType.MULTI), //
    CHANGE(ScriptOutputType.INTEGER), //
    RAISE(ScriptOutputType.INTEGER), //
    CALLBACK(ScriptOutputType.INTEGER);

    private final ScriptOutputType output;
    private final String text;

    Script(ScriptOutputType output) {
        this.output = output;
        String file = name().toLowerCase(Locale.ROOT) + ".lua";
        try (InputStream in = Script.class.getResourceAsStream("/io/longwire/coordinator/redis/" + file)) {
            if (in == null) {
                throw new IllegalStateException("script: " + file + " (expected: in the jar)");
            }
            this.text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
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
