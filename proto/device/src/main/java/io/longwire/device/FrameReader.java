package io.longwire.device;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames. Works on a buffer that is valid only during the call, and keeps
 * nothing but a frame that is not yet whole; between frames it is an object of about 24 bytes. Belongs to the
 * thread that owns the connection.
 *
 * <p>A reader of a room takes the preface, then CONNECT alone with at most {@link Limits#FIRST_BODY_BYTES}, then
 * nothing until {@link #authenticated()}, then every frame a phone may send but a second CONNECT. A reader of a
 * phone takes every frame a room may send. What breaks a rule ends the reader: one {@link ProtocolError}, as early
 * as the header tells it, and all later bytes are dropped.
 */
public final class FrameReader {
    /** Takes the frames. */
    public interface Handler {
        /**
         * A whole frame; its body stands in {@code buffer} from {@code from} to {@code to} and is gone after the
         * call. {@link FrameBody} decodes it. Returns false to stop reading for good.
         */
        boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError;

        /** A frame of an ignorable type that this version does not know was skipped; count it. */
        void onSkipped(int type);
    }

    private static final byte PREFACE = 0;
    private static final byte FIRST = 1;
    private static final byte WAITING = 2;
    private static final byte OPEN = 3;
    private static final byte CLOSED = 4;

    private static final int INCOMPLETE = -1;
    private static final int SMALLEST_PARTIAL = 64;

    private final boolean room;
    private byte phase = PREFACE;
    private int kept;
    private byte @Nullable [] partial;

    private FrameReader(boolean room) {
        this.room = room;
    }

    /** A reader for what a phone sends. */
    public static FrameReader ofRoom() {
        return new FrameReader(true);
    }

    /** A reader for what a room sends. */
    public static FrameReader ofPhone() {
        return new FrameReader(false);
    }

    /** Lifts the limits that hold before authentication. May be called while {@code onFrame} handles CONNECT. */
    public void authenticated() {
        if (phase == FIRST || phase == WAITING) {
            phase = OPEN;
        }
    }

    /** Whether a frame has begun and is not whole: the time-out for partial frames runs. */
    public boolean hasPartial() {
        return kept > 0;
    }

    /**
     * Bytes of the frame that has begun, header included; 0 when none has, at least what is there while its length has
     * not come.
     *
     * @throws ProtocolError never: what is kept has been checked
     */
    public int partialSize() throws ProtocolError {
        return kept == 0 ? 0 : needed();
    }

    /** Bytes held for a partial frame; at most twice what the peer has sent of it. */
    public int partialCapacity() {
        byte[] held = partial;
        return held == null ? 0 : held.length;
    }

    /** Whether reading has ended, by the handler or by an error. */
    public boolean isClosed() {
        return phase == CLOSED;
    }

    /** Ends reading: later bytes are dropped. */
    public void close() {
        phase = CLOSED;
        forget();
    }

    /**
     * Takes the bytes of {@code buffer} from index {@code from} to {@code to}, which is at most its limit; the position
     * is not looked at and not moved. Returns the number of frames given to the handler.
     *
     * @throws ProtocolError the peer broke a rule, or the handler says so; the reader is closed
     */
    public int onBytes(ByteBuffer buffer, int from, int to, Handler handler) throws ProtocolError {
        if (phase == CLOSED || from >= to) {
            return 0;
        }
        boolean well = false;
        try {
            int frames = read(buffer, from, to, handler);
            well = true;
            return frames;
        } finally {
            if (!well) {
                close();
            }
        }
    }

    private int read(ByteBuffer buffer, int from, int to, Handler handler) throws ProtocolError {
        int at = phase == PREFACE ? afterPreface(buffer, from) : from;
        int frames = 0;
        if (kept > 0) {
            at = fill(buffer, at, to);
            if (needed() != kept) {
                return 0;
            }
            ByteBuffer whole = keptBytes();
            forget();
            frames += deliver(whole, 0, bodyLength(whole, 0, whole.limit()), handler);
        }
        while (at < to && phase != CLOSED) {
            int length = bodyLength(buffer, at, to);
            if (length == INCOMPLETE || FrameWriter.frameSize(length) > to - at) {
                keep(buffer, at, to - at);
                return frames;
            }
            frames += deliver(buffer, at, length, handler);
            at += FrameWriter.frameSize(length);
        }
        return frames;
    }

    private int afterPreface(ByteBuffer buffer, int at) throws ProtocolError {
        int version = buffer.get(at) & 0xFF;
        if (version != Limits.PREFACE) {
            throw new ProtocolError(Code.UNSUPPORTED, "preface: " + version + " (expected: " + Limits.PREFACE + ")");
        }
        phase = room ? FIRST : OPEN;
        return at + 1;
    }

    private int deliver(ByteBuffer buffer, int at, int length, Handler handler) throws ProtocolError {
        int type = buffer.get(at);
        if (!isMine(type)) {
            handler.onSkipped(type);
            return 0;
        }
        if (phase == FIRST) {
            phase = WAITING;
        }
        int body = at + FrameWriter.headerSize(length);
        if (!handler.onFrame(type, buffer, body, body + length)) {
            close();
        }
        return 1;
    }

    /**
     * The body length of the frame at {@code at}, or INCOMPLETE; refuses what the bytes there already show to be
     * wrong.
     */
    private int bodyLength(ByteBuffer buffer, int at, int to) throws ProtocolError {
        checkType(buffer.get(at));
        int length = 0;
        for (int i = 1; at + i < to; i++) {
            byte b = buffer.get(at + i);
            length |= (b & 0x7F) << (7 * (i - 1));
            if (b >= 0) {
                checkLength(length, i, b);
                return length;
            }
            if (i == 3) {
                throw new ProtocolError(Code.PROTOCOL, "length: more than 3 bytes (expected: 1 to 3)");
            }
        }
        return INCOMPLETE;
    }

    private void checkLength(int length, int bytes, byte last) throws ProtocolError {
        if (bytes > 1 && last == 0) {
            throw new ProtocolError(Code.PROTOCOL,
                    "length: " + length + " in " + bytes + " bytes (expected: the shortest form)");
        }
        int limit = phase == OPEN ? Limits.BODY_BYTES : Limits.FIRST_BODY_BYTES;
        if (length > limit) {
            throw new ProtocolError(Code.TOO_LARGE, "body: " + length + " bytes (expected: at most " + limit + ")");
        }
    }

    private void checkType(byte first) throws ProtocolError {
        if ((first & FrameType.RESERVED) != 0) {
            throw new ProtocolError(Code.PROTOCOL, "frame type: " + hex(first) + " (expected: the two high bits 0)");
        }
        if (phase == FIRST && first != FrameType.CONNECT) {
            throw new ProtocolError(Code.PROTOCOL, "first frame: " + hex(first) + " (expected: CONNECT, 0x01)");
        }
        if (phase == WAITING) {
            throw new ProtocolError(Code.PROTOCOL, "frame: " + hex(first) + " (expected: none before CONNECT_ACK)");
        }
        if (phase == FIRST || isMine(first) || FrameType.isIgnorable(first)) {
            return;
        }
        if (FrameType.isKnown(first)) {
            throw new ProtocolError(Code.PROTOCOL, "frame: " + FrameType.name(first) + " (expected: one that a "
                    + (room ? "connected phone" : "room") + " sends)");
        }
        throw new ProtocolError(Code.UNSUPPORTED, "frame type: " + hex(first) + " (expected: a type of version 1)");
    }

    private boolean isMine(int type) {
        if (!room) {
            return FrameType.isFromRoom(type);
        }
        return FrameType.isFromPhone(type) && (type != FrameType.CONNECT || phase == FIRST);
    }

    /** Adds to the kept frame what it still needs; returns the index of the first byte not taken. */
    private int fill(ByteBuffer buffer, int from, int to) throws ProtocolError {
        int at = from;
        while (at < to) {
            int taken = Math.min(needed() - kept, to - at);
            if (taken == 0) {
                break;
            }
            keep(buffer, at, taken);
            at += taken;
        }
        return at;
    }

    /** Bytes of the kept frame in all; one more than there are while its length is not known. */
    private int needed() throws ProtocolError {
        int length = bodyLength(keptBytes(), 0, kept);
        return length == INCOMPLETE ? kept + 1 : FrameWriter.frameSize(length);
    }

    private ByteBuffer keptBytes() {
        byte[] held = partial;
        return held == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(held, 0, kept);
    }

    private void keep(ByteBuffer buffer, int from, int count) {
        byte[] held = partial;
        if (held == null) {
            held = new byte[Math.max(count, SMALLEST_PARTIAL)];
        } else if (held.length - kept < count) {
            held = Arrays.copyOf(held, Math.max(kept + count, Math.min(2 * held.length, largest())));
        }
        for (int i = 0; i < count; i++) {
            held[kept + i] = buffer.get(from + i);
        }
        partial = held;
        kept += count;
    }

    private int largest() {
        return Limits.HEADER_BYTES + (phase == OPEN ? Limits.BODY_BYTES : Limits.FIRST_BODY_BYTES);
    }

    private void forget() {
        partial = null;
        kept = 0;
    }

    private static String hex(byte b) {
        return "0x" + Character.forDigit((b >> 4) & 0xF, 16) + Character.forDigit(b & 0xF, 16);
    }
}
