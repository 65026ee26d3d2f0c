package io.longwire.room.directory;

import io.longwire.register.client.Session;
import io.longwire.register.client.SessionListener;
import io.longwire.room.presence.Arrival;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes sessions known to both owners of their slots, and unknown again. Thread-safe, never blocks. */
public interface SessionDirectory {
    /**
     * Registers a session, or the same endpoint under a higher conn_seq. What this room itself has of the endpoint is
     * looked at first: returns that other session. If its conn_seq is not lower it is an incumbent, and nothing was
     * done; a lower one was replaced, and its connection is to be told.
     *
     * @param handle the connection's home
     * @param arrival what is told of the endpoint
     * @param listener told on the executor what each owner answered
     */
    @Nullable
    Session put(long endpointId, long connSeq, long handle, Arrival arrival, SessionListener listener,
            Executor executor);

    /** Forgets exactly this session here and at both owners; a newer one stays. */
    void remove(long endpointId, long connSeq);

    /** The phone said that the app is not there any more; {@link #remove} follows. */
    void uninstalled(int appId, long endpointId, long connSeq);

    /** The session went on, and its phone is on this network now. */
    void onNetwork(int appId, long endpointId, long connSeq, String network);

    /**
     * Somebody asked for this session and it was not found: removes it at both owners, unless this room has just that
     * one, which then is on its way from one loop to another.
     */
    void removeStray(long endpointId, long connSeq);
}
