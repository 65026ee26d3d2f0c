package io.longwire.room.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.PushFrames;
import org.jspecify.annotations.Nullable;

/** Writes frames to connections through one buffer per loop. To a connection without a link it writes nothing. */
public final class Out {
    /** The first byte each way. */
    private static final byte VERSION = 1;

    private final Loop loop;
    private final byte[] scratch = new byte[Limits.PREFACE + Limits.HEADER_BYTES + Limits.BODY_BYTES];
    private final byte[] pong = {FrameType.PONG, 0};
    private final byte[] ping = {FrameType.PING, 0};

    Out(Loop loop) {
        this.loop = loop;
    }

    /** A frame with this body, which is at most 64 KB. */
    public void frame(Connection connection, int type, MessageLite body) {
        send(connection, scratch, FrameWriter.frame(type, body, scratch, 0));
    }

    /** An empty PONG, without garbage. */
    public void pong(Connection connection) {
        send(connection, pong, pong.length);
    }

    /** An empty PING. */
    public void ping(Connection connection) {
        send(connection, ping, ping.length);
    }

    /**
     * A push that was encoded elsewhere, with the seq of this socket before it.
     *
     * @param seq 0 = not acked by seq
     */
    public void push(Connection connection, long seq, ByteString envelope) {
        send(connection, scratch, PushFrames.frame(seq, envelope, scratch, 0));
    }

    /** A whole frame that many connections get. */
    public void shared(Connection connection, SharedFrame frame) {
        Link link = greeted(connection);
        if (link != null) {
            link.send(frame);
            loop.touch(connection);
        }
    }

    private void send(Connection connection, byte[] bytes, int length) {
        Link link = greeted(connection);
        if (link != null) {
            link.send(bytes, 0, length);
            loop.touch(connection);
        }
    }

    private static @Nullable Link greeted(Connection connection) {
        Link link = connection.link();
        if (link != null && !connection.marked(Connection.GREETED)) {
            connection.mark(Connection.GREETED);
            link.send(new byte[]{VERSION}, 0, 1);
        }
        return link;
    }
}
