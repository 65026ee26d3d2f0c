package io.longwire.register.client;

/** What the register knows of an endpoint. */
public sealed interface Lookup {
    /** Nobody could say: try again later with backoff; never to be taken for offline. */
    Lookup UNKNOWN = new Unknown();

    /**
     * The endpoint has a session.
     *
     * @param owner instance of the register that said so
     */
    record Online(Session session, String owner) implements Lookup {
    }

    /**
     * No session, said by an owner that is complete for the slot.
     *
     * @param completeByFlush every live room had flushed the slot to whoever said so; false: 30 s had passed
     *        instead, and a room may still have a session
     */
    record Offline(boolean completeByFlush) implements Lookup {
    }

    /** See {@link #UNKNOWN}. */
    record Unknown() implements Lookup {
    }
}
