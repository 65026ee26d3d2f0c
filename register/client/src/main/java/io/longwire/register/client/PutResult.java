package io.longwire.register.client;

/** How one owner answered a put. */
public sealed interface PutResult {
    PutResult STORED = new Stored();

    /** Stored; no other live session stood there. */
    record Stored() implements PutResult {
    }

    /** Stored in the place of an older session: tell its room to drop it. */
    record Displaced(Session other) implements PutResult {
    }

    /** Not stored: a session with a higher conn_seq, or the same one from another live room, stands there. */
    record Incumbent(Session other) implements PutResult {
    }
}
