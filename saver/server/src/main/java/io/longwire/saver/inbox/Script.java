package io.longwire.saver.inbox;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The scripts; each is loaded on every new connection and called by its digest. */
enum Script {
    APPEND("append.lua", ScriptOutputType.MULTI), //
    FETCH("fetch.lua", ScriptOutputType.MULTI), //
    REMOVE("remove.lua", ScriptOutputType.INTEGER), //
    NOTE("note.lua", ScriptOutputType.INTEGER), //
    LEASE("lease.lua", ScriptOutputType.INTEGER), //
    SETTLE("settle.lua", ScriptOutputType.INTEGER), //
    PARK("park.lua", ScriptOutputType.INTEGER), //
    UNPARK("unpark.lua", ScriptOutputType.INTEGER);

    private final ScriptOutputType output;
    private final String text;

    Script(String file, ScriptOutputType output) {
        this.output = output;
        try (InputStream in = Script.class.getResourceAsStream("/io/longwire/saver/inbox/" + file)) {
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
