package io.longwire.device;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A handler that writes down what it is given, and buffers to feed a reader with. */
final class Frames implements FrameReader.Handler {
    /** A frame as it came: its type and a copy of its body. */
    record Seen(int type, byte[] body) {
        static Seen of(int type, byte... body) {
            return new Seen(type, body);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Seen seen && seen.type == type && Arrays.equals(seen.body, body);
        }

        @Override
        public int hashCode() {
            return 31 * type + Arrays.hashCode(body);
        }

        @Override
        public String toString() {
            return FrameType.name(type) + Arrays.toString(body);
        }
    }

    final List<Seen> seen = new ArrayList<>();
    final List<Integer> skipped = new ArrayList<>();
    int stopAfter = Integer.MAX_VALUE;

    @Override
    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
        byte[] body = new byte[to - from];
        buffer.get(from, body);
        seen.add(new Seen(type, body));
        return seen.size() < stopAfter;
    }

    @Override
    public void onSkipped(int type) {
        skipped.add(type);
    }

    /** A room's reader behind preface, CONNECT and authentication. */
    static FrameReader openRoom() throws ProtocolError {
        FrameReader reader = FrameReader.ofRoom();
        feed(reader, new Frames(), 0x01, 0x01, 0x00);
        reader.authenticated();
        return reader;
    }

    static int feed(FrameReader reader, Frames handler, int... bytes) throws ProtocolError {
        return reader.onBytes(ByteBuffer.wrap(bytes(bytes)), 0, bytes.length, handler);
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] frame(int type, byte[] body) {
        byte[] frame = new byte[FrameWriter.frameSize(body.length)];
        System.arraycopy(body, 0, frame, FrameWriter.header(type, body.length, frame, 0), body.length);
        return frame;
    }

    static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
    }
}
