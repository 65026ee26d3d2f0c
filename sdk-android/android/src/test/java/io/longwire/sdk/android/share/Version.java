package io.longwire.sdk.android.share;

import android.os.Bundle;
import android.os.IBinder;
import android.os.Parcel;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.ProtocolError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * A version of the SDK, as the process of another app sees it. None but this one has ever been shipped, so there is no
 * older library to run: the others are this version's code behind a border. What crosses it is cut down to what the
 * first version said and understood, or has more in it, as a later one's may. What the first version knew stands here
 * by hand, as numbers and words: what the code calls them by now does not count.
 */
enum Version {
    /** The first: its four methods, its words, its frames and their fields. */
    PREVIOUS,
    /** As it is. */
    THIS,
    /** With one method, some words, a frame and fields more. */
    NEXT;

    /** The number of the method that comes next. */
    static final int APPENDED = IBinder.FIRST_CALL_TRANSACTION + 4;
    /** The same of the two interfaces that a line consists of. */
    static final int APPENDED_TO_A_LINE = IBinder.FIRST_CALL_TRANSACTION + 2;

    private static final Set<String> FIRST_WORDS = Set.of("protocol", "lives", "bucket", "connected", "sdk",
            "installed", "hosting", "epoch", "endpoint", "held", "step", "answer");
    /** Frames to the field that has been added to each. */
    private static final Map<Integer, Integer> ADDED = Map.of(0x01, 1, 0x02, 17, 0x06, 17, 0x09, 7, 0x0B, 8, 0x22, 2);
    private static final int ADDED_FRAME = 0x23;
    private static final int LATER_FRAME = 0x3E; // ignorable
    private static final int LATER_FIELD = 1_000;

    /** The version of the SDK that it says it is. */
    int sdk() {
        return this == PREVIOUS ? 900 : this == THIS ? 1_000 : 2_000;
    }

    /** A Bundle of this version's, as it comes out of the Parcel. */
    Bundle said(Bundle words) {
        Bundle more = new Bundle(words);
        if (this == NEXT && !words.isEmpty()) {
            Bundle inner = new Bundle();
            inner.putLong("since", 5);
            more.putBundle("later", inner);
            more.putString("later word", "of which nobody has heard");
            more.putLongArray("later numbers", new long[]{1, 2, 3});
        }
        return parcelled(this == PREVIOUS ? firstOnly(more) : more);
    }

    /** What this version makes of a Bundle. */
    Bundle read(Bundle words) {
        return this == PREVIOUS ? firstOnly(words) : words;
    }

    private static Bundle firstOnly(Bundle words) {
        Bundle known = new Bundle(words);
        for (String word : words.keySet()) {
            if (!FIRST_WORDS.contains(word)) {
                known.remove(word);
            }
        }
        return known;
    }

    private static Bundle parcelled(Bundle words) {
        Parcel parcel = Parcel.obtain();
        try {
            parcel.writeBundle(words);
            parcel.setDataPosition(0);
            Bundle read = parcel.readBundle(Version.class.getClassLoader());
            return read == null ? new Bundle() : read;
        } finally {
            parcel.recycle();
        }
    }

    /** One direction of a line, as this version would have written, or read, what goes through it. */
    Frames toRoom() {
        return new Frames(this, FrameReader.ofRoom());
    }

    /** The other direction. */
    Frames toPhone() {
        return new Frames(this, FrameReader.ofPhone());
    }

    /** Takes a stream apart and writes it anew. One call at a time. */
    static final class Frames implements FrameReader.Handler {
        private final Version version;
        private final FrameReader reader;
        private ByteArrayOutputStream out = new ByteArrayOutputStream();
        private boolean prefaced;

        Frames(Version version, FrameReader reader) {
            this.version = version;
            this.reader = reader;
        }

        /** The bytes of the frames that are whole now. */
        synchronized byte[] of(byte[] bytes) {
            out = new ByteArrayOutputStream();
            if (!prefaced && bytes.length > 0) {
                prefaced = true;
                out.write(bytes[0]);
            }
            try {
                reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
            } catch (ProtocolError broken) {
                throw new AssertionError(version + " is sent what breaks the protocol", broken);
            }
            return out.toByteArray();
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
            if (type == FrameType.CONNECT) {
                reader.authenticated();
            }
            byte[] body = new byte[to - from];
            for (int i = 0; i < body.length; i++) {
                body[i] = buffer.get(from + i);
            }
            if (version == PREVIOUS && type != ADDED_FRAME) {
                frame(type, without(ADDED.getOrDefault(type, 0), body));
            } else if (version == THIS) {
                frame(type, body);
            } else if (version == NEXT) {
                frame(type, withMore(body));
                if (type != FrameType.CONNECT) { // nothing may follow it unanswered
                    frame(LATER_FRAME, "what a later version says".getBytes(StandardCharsets.UTF_8));
                }
            }
            return true;
        }

        @Override
        public void onSkipped(int type) {
            // A later version's, that this one does not pass on.
        }

        private void frame(int type, byte[] body) {
            byte[] whole = new byte[FrameWriter.frameSize(body.length)];
            System.arraycopy(body, 0, whole, FrameWriter.header(type, body.length, whole, 0), body.length);
            out.write(whole, 0, whole.length);
        }

        // Later than the first is also whatever has an absurd number.
        private static byte[] without(int added, byte[] body) {
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            try {
                CodedInputStream in = CodedInputStream.newInstance(body);
                for (int at = 0; !in.isAtEnd(); at = in.getTotalBytesRead()) {
                    int tag = in.readTag();
                    int number = WireFormat.getTagFieldNumber(tag);
                    in.skipField(tag);
                    if (number != added && number < LATER_FIELD) {
                        rest.write(body, at, in.getTotalBytesRead() - at);
                    }
                }
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
            return rest.toByteArray();
        }

        private static byte[] withMore(byte[] body) {
            ByteArrayOutputStream more = new ByteArrayOutputStream();
            more.writeBytes(body);
            try {
                CodedOutputStream to = CodedOutputStream.newInstance(more);
                to.writeUInt64(LATER_FIELD, Long.MAX_VALUE);
                to.writeString(LATER_FIELD + 1, "later");
                to.writeFixed32(LATER_FIELD + 2, 7);
                to.flush();
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
            return more.toByteArray();
        }
    }
}
