package io.longwire.device;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes frames: type byte, body length as a minimal varint of 1 to 3 bytes, body. Static and without state. A body
 * above {@link Limits#BODY_BYTES} is an {@link IllegalArgumentException}, too little room an
 * {@link IndexOutOfBoundsException}; in both cases nothing was written.
 */
public final class FrameWriter {
    private FrameWriter() {
    }

    /** Bytes of the header of a frame with a body of so many bytes: 2, 3 or 4. */
    public static int headerSize(int bodySize) {
        return bodySize < 1 << 7 ? 2 : bodySize < 1 << 14 ? 3 : 4;
    }

    /** Bytes of a whole frame with a body of so many bytes. */
    public static int frameSize(int bodySize) {
        return headerSize(bodySize) + bodySize;
    }

    /** Bytes of the frame that carries this message. */
    public static int frameSize(MessageLite body) {
        return frameSize(body.getSerializedSize());
    }

    /** Writes a header at {@code at}; the body follows at the index returned. */
    public static int header(int type, int bodySize, byte[] out, int at) {
        checkBody(bodySize);
        checkRoom(headerSize(bodySize), out.length - at);
        out[at] = (byte) type;
        return Varint.write(bodySize, out, at + 1);
    }

    /** Writes a header at the position of {@code out}. */
    public static void header(int type, int bodySize, ByteBuffer out) {
        checkBody(bodySize);
        checkRoom(headerSize(bodySize), out.remaining());
        out.put((byte) type);
        Varint.write(bodySize, out);
    }

    /** Writes a frame without a body, the usual PING and PONG, at {@code at}; returns the index behind it. */
    public static int empty(int type, byte[] out, int at) {
        return header(type, 0, out, at);
    }

    /** Writes the frame of this message at {@code at}; returns the index behind it. */
    public static int frame(int type, MessageLite body, byte[] out, int at) {
        int size = body.getSerializedSize();
        checkBody(size);
        checkRoom(frameSize(size), out.length - at);
        int bodyAt = header(type, size, out, at);
        write(body, CodedOutputStream.newInstance(out, bodyAt, size));
        return bodyAt + size;
    }

    /** Writes the frame of this message at the position of {@code out}, direct or not. */
    public static void frame(int type, MessageLite body, ByteBuffer out) {
        int size = body.getSerializedSize();
        checkBody(size);
        checkRoom(frameSize(size), out.remaining());
        header(type, size, out);
        write(body, CodedOutputStream.newInstance(out));
    }

    /** The frame of this message, in an array of its own. */
    public static byte[] frame(int type, MessageLite body) {
        byte[] out = new byte[frameSize(body)];
        frame(type, body, out, 0);
        return out;
    }

    static void checkBody(int bodySize) {
        if (bodySize > Limits.BODY_BYTES) {
            throw new IllegalArgumentException(
                    "body: " + bodySize + " bytes (expected: at most " + Limits.BODY_BYTES + ")");
        }
    }

    static void checkRoom(int needed, int left) {
        if (needed > left) {
            throw new IndexOutOfBoundsException("room: " + left + " bytes (expected: at least " + needed + ")");
        }
    }

    private static void write(MessageLite body, CodedOutputStream out) {
        try {
            body.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("body: changed while it was written (expected: one owner)", e);
        }
    }
}
