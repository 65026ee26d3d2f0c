package io.longwire.room.session;

import java.nio.ByteBuffer;

/** What a transport calls, on the loop's thread. None of the calls throws. */
public interface Inbound {
    /** A socket was accepted. */
    Connection onOpen(Link link, boolean shed);

    /**
     * Bytes came; they stand in the buffer from index {@code from} to {@code to}, valid only during the call. Returns
     * the index of the first byte not taken; what is not taken must come again in front of the next bytes.
     */
    int onBytes(Connection connection, ByteBuffer buffer, int from, int to);

    /** The link is writable again. */
    void onWritable(Connection connection);

    /** The socket is gone, by the phone's or the network's doing. Not called after {@link Link#close}. */
    void onClosed(Connection connection);

    /** The bytes at hand were all given: what was sent in return may leave. */
    void endOfBatch();
}
