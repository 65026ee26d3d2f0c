package io.longwire.room.presence;

/** The room's sessions as they are now. Thread-safe, never blocks. */
public interface SessionBook {
    boolean has(long endpointId, long connSeq);

    /** Shows one moment's sessions of a slot. */
    void forEach(int slot, Visitor visitor);

    /** Takes the sessions of a slot. */
    interface Visitor {
        void session(long endpointId, long connSeq, int appId);
    }
}
