package io.longwire.sdk.transport;

/** One open socket, past its TLS handshake. Called by the loop. */
public interface Wire {
    /**
     * Sends the bytes, in order, soon; never blocks.
     *
     * @return false when too much waits already, or the wire is closed: nothing of these bytes is sent
     */
    boolean send(byte[] bytes);

    /** Closes after what was handed in before has been sent, at most {@code lingerMillis} later; 0 = at once. */
    void close(long lingerMillis);

    /** What happens on the wire, told on the loop. After {@link #onClosed} comes nothing more. */
    interface Listener {
        /** Bytes came; the array is the listener's during the call only. */
        void onBytes(byte[] bytes, int length);

        /** The peer or the network ended it, or it was closed here. */
        void onClosed(String reason);
    }
}
