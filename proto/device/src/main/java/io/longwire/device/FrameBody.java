package io.longwire.device;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/** Decodes the body of a frame. The message made keeps nothing of the buffer. Static and without state. */
public final class FrameBody {
    private FrameBody() {
    }

    /**
     * The message that stands in {@code buffer} from index {@code from} to {@code to}; position and limit are not
     * moved.
     *
     * @throws ProtocolError the bytes are no such message, or nest deeper than {@link Limits#NESTING}
     */
    public static <T> T parse(Parser<T> parser, ByteBuffer buffer, int from, int to) throws ProtocolError {
        try {
            CodedInputStream in = input(buffer, from, to);
            in.setRecursionLimit(Limits.NESTING);
            T message = parser.parseFrom(in);
            in.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new ProtocolError(Code.PROTOCOL,
                    "body: " + (to - from) + " bytes, " + e.getMessage() + " (expected: a protobuf message)");
        }
    }

    private static CodedInputStream input(ByteBuffer buffer, int from, int to) {
        if (buffer.hasArray()) {
            return CodedInputStream.newInstance(buffer.array(), buffer.arrayOffset() + from, to - from);
        }
        ByteBuffer body = buffer.duplicate();
        // Through Buffer: the covariant methods of ByteBuffer are not there on Android API 21.
        Buffer bounds = body;
        bounds.limit(to);
        bounds.position(from);
        return CodedInputStream.newInstance(body);
    }
}
