package io.longwire.room.directory;

import io.longwire.register.client.PutResult;

/** What the register tells of sessions outside of an answer to a put. Called on its own thread; must hand over. */
public interface SessionEvents {
    /** Owners took a slot whole in which puts were owed: look into the inbox again, at a pace. */
    void fetchAgain(long endpointId, long handle);

    /** A flush met another session of this endpoint. */
    void conflict(long endpointId, long connSeq, long handle, PutResult result);
}
