package io.longwire.register.client;

/**
 * The room's own list of its sessions, which is the truth the register is filled from. All methods are called on the
 * {@code register-writer} thread and must not block it.
 *
 * <p>Two rules keep the flush right: a session is in this list <em>before</em> {@link SessionWriter#put} is called
 * for it, and out of it before {@link SessionWriter#remove} is.
 */
public interface SlotSessions {
    /**
     * Hands every session of the slot to the visitor and then calls {@link Visitor#done} once. May do so at once or
     * later, from any threads; a slot whose visit is not done within 10 s is flushed again.
     */
    void forEach(int slot, Visitor visitor);

    /**
     * An owner has acknowledged all sessions of the slot, and puts of unknown endpoints were owed to it: fetch again
     * for every session of the slot, paced.
     */
    void slotFlushed(int slot);

    /** A flush met another session where the put of this one was not owed: Displaced or Incumbent, as after a put. */
    void conflict(long endpointId, long connSeq, PutResult result);

    /** Takes the sessions of one slot. Thread-safe, never blocks. */
    interface Visitor {
        void session(long endpointId, long connSeq, long handle);

        /** All sessions that were in the list when the visit began have been handed over. */
        void done();
    }
}
