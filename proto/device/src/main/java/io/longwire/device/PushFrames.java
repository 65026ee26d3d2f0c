package io.longwire.device;

import com.google.protobuf.ByteString;
import com.google.protobuf.WireFormat;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import java.nio.ByteBuffer;

/**
 * Writes PUSH and PUSH_BATCH from pushes that were encoded once, elsewhere. A push is encoded without {@code seq}
 * by whoever made it; what differs per session, the seq, goes before those bytes, because protobuf fields may come
 * in any order. With seq 0 nothing goes before them: the same bytes for every session, as in a broadcast. Static
 * and without state.
 *
 * <p>A batch: sum {@link #itemSize} over its items, {@link FrameWriter#header} with that sum, then {@link #item}
 * for each.
 */
public final class PushFrames {
    private static final byte SEQ_TAG = (byte) (Push.SEQ_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT);
    private static final byte ITEM_TAG = (byte) (PushBatch.ITEMS_FIELD_NUMBER << 3
            | WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private PushFrames() {
    }

    /** The bytes that every session shares; {@code push} must have no seq. */
    public static byte[] encode(Push push) {
        if (push.getSeq() != 0) {
            throw new IllegalArgumentException("seq: " + push.getSeq() + " (expected: 0, the room writes it)");
        }
        return push.toByteArray();
    }

    /** Bytes of the PUSH frame with this seq around so many encoded bytes. */
    public static int frameSize(long seq, int encodedSize) {
        return FrameWriter.frameSize(pushSize(seq, encodedSize));
    }

    /** Writes a PUSH frame at {@code at}; returns the index behind it. */
    public static int frame(long seq, byte[] encoded, byte[] out, int at) {
        FrameWriter.checkRoom(frameSize(seq, encoded.length), out.length - at);
        int i = FrameWriter.header(FrameType.PUSH, pushSize(seq, encoded.length), out, at);
        return body(seq, encoded, out, i);
    }

    /** Writes a PUSH frame at {@code at} without a copy in between; returns the index behind it. */
    public static int frame(long seq, ByteString encoded, byte[] out, int at) {
        FrameWriter.checkRoom(frameSize(seq, encoded.size()), out.length - at);
        int i = FrameWriter.header(FrameType.PUSH, pushSize(seq, encoded.size()), out, at);
        if (seq != 0) {
            out[i++] = SEQ_TAG;
            i = Varint.write(seq, out, i);
        }
        encoded.copyTo(out, i);
        return i + encoded.size();
    }

    /** Writes a PUSH frame at the position of {@code out}. */
    public static void frame(long seq, byte[] encoded, ByteBuffer out) {
        FrameWriter.checkRoom(frameSize(seq, encoded.length), out.remaining());
        FrameWriter.header(FrameType.PUSH, pushSize(seq, encoded.length), out);
        body(seq, encoded, out);
    }

    /** Bytes of one item of a PUSH_BATCH. */
    public static int itemSize(long seq, int encodedSize) {
        int push = pushSize(seq, encodedSize);
        return 1 + Varint.size(push) + push;
    }

    /** Writes one item of a PUSH_BATCH at {@code at}; returns the index behind it. */
    public static int item(long seq, byte[] encoded, byte[] out, int at) {
        FrameWriter.checkRoom(itemSize(seq, encoded.length), out.length - at);
        out[at] = ITEM_TAG;
        int i = Varint.write(pushSize(seq, encoded.length), out, at + 1);
        return body(seq, encoded, out, i);
    }

    /** Writes one item of a PUSH_BATCH at the position of {@code out}. */
    public static void item(long seq, byte[] encoded, ByteBuffer out) {
        FrameWriter.checkRoom(itemSize(seq, encoded.length), out.remaining());
        out.put(ITEM_TAG);
        Varint.write(pushSize(seq, encoded.length), out);
        body(seq, encoded, out);
    }

    private static int pushSize(long seq, int encodedSize) {
        return seq == 0 ? encodedSize : 1 + Varint.size(seq) + encodedSize;
    }

    private static int body(long seq, byte[] encoded, byte[] out, int at) {
        int i = at;
        if (seq != 0) {
            out[i++] = SEQ_TAG;
            i = Varint.write(seq, out, i);
        }
        System.arraycopy(encoded, 0, out, i, encoded.length);
        return i + encoded.length;
    }

    private static void body(long seq, byte[] encoded, ByteBuffer out) {
        if (seq != 0) {
            out.put(SEQ_TAG);
            Varint.write(seq, out);
        }
        out.put(encoded);
    }
}
