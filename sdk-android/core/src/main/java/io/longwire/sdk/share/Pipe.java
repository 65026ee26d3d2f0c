package io.longwire.sdk.share;

/** One way between the processes of two apps: bytes of the device protocol. Any thread; never blocks. */
public interface Pipe {
    /** Sends the bytes, in order; false = the other side is gone, or takes no more. */
    boolean send(byte[] bytes);

    /** Ends it; the other side is told. */
    void close();

    /** The same, with a word on why for the other side, where the pipe can carry one. */
    default void close(String why) {
        close();
    }
}
