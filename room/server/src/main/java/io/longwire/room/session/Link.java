package io.longwire.room.session;

/**
 * The way to a phone's socket: what a transport gives the room's logic. Owner: the connection's loop. None of the
 * calls blocks or throws; after {@link #close} all of them do nothing.
 */
public interface Link {
    /** Takes a copy of the bytes; they leave at {@link #flush}, in order. */
    void send(byte[] bytes, int from, int length);

    /** As {@link #send(byte[], int, int)}; whether a copy is needed is the link's business. */
    default void send(SharedFrame frame) {
        send(frame.bytes(), 0, frame.bytes().length);
    }

    void flush();

    /** False from 32 KB of unsent bytes until they are below 8 KB again. */
    boolean writable();

    /** Bytes sent here that the kernel has not taken. */
    int pending();

    /** Closes once what was sent has left, at most a moment later. */
    void close();
}
