package io.longwire.room.directory;

import io.longwire.register.client.SessionListener;
import java.util.concurrent.Executor;

/** Makes sessions known to both owners of their slots, and unknown again. Thread-safe, never blocks. */
public interface SessionDirectory {
    /**
     * Registers a session, or the same endpoint under a new conn_seq or handle.
     *
     * @param handle the connection's home
     * @param listener told on the executor what each owner answered
     */
    void put(long endpointId, long connSeq, long handle, SessionListener listener, Executor executor);

    /** Forgets exactly this session here and at both owners; a newer one stays. */
    void remove(long endpointId, long connSeq);

    /**
     * Somebody asked for this session and it was not found: removes it at both owners, unless this room has just that
     * one, which then is on its way from one loop to another.
     */
    void removeStray(long endpointId, long connSeq);
}
