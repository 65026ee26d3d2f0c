package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The few things the saver knows of an envelope: the message id and the broadcast sequence in it, and whether it takes
 * back another message.
 */
public final class Envelope {
    /** The most bytes: 4 KiB of payload and what stands around it. */
    public static final int MAX_BYTES = 6_000;
    /** The most bytes of a collapse key. */
    static final int MAX_COLLAPSE_KEY = 64;

    private Envelope() {
    }

    /**
     * The same push under another id: the field is written once more behind the rest, and the last one counts in
     * protobuf.
     */
    public static byte[] withId(byte[] envelope, long message) {
        return behind(envelope, CodedOutputStream.computeFixed64Size(Push.MESSAGE_ID_FIELD_NUMBER, message),
                out -> out.writeFixed64(Push.MESSAGE_ID_FIELD_NUMBER, message));
    }

    /** The same push as a broadcast of this sequence. */
    public static byte[] withBroadcast(byte[] envelope, long seq) {
        return behind(envelope, CodedOutputStream.computeUInt64Size(Push.BCAST_SEQ_FIELD_NUMBER, seq),
                out -> out.writeUInt64(Push.BCAST_SEQ_FIELD_NUMBER, seq));
    }

    private interface Field {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] behind(byte[] envelope, int size, Field field) {
        byte[] changed = Arrays.copyOf(envelope, envelope.length + size);
        try {
            var out = CodedOutputStream.newInstance(changed, envelope.length, size);
            field.write(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return changed;
    }

    /** The message that a KIND_REVOKE push takes back; 0 = it is none. What is no push at all is none. */
    static long revoked(ByteString envelope) {
        long replaces = 0;
        boolean revoke = false;
        try {
            CodedInputStream in = envelope.newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case Push.KIND_FIELD_NUMBER -> revoke = in.readEnum() == PushKind.KIND_REVOKE_VALUE;
                    case Push.REPLACES_FIELD_NUMBER -> replaces = in.readFixed64();
                    default -> in.skipField(tag);
                }
            }
        } catch (IOException noPush) {
            return 0;
        }
        return revoke ? replaces : 0;
    }

    /** What stands for a collapse key in ledger and inbox: 64 bits of its hash, never 0; 0 for no key. */
    static long collapse(ByteString key) {
        if (key.isEmpty()) {
            return 0;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.toByteArray());
            long first = ByteBuffer.wrap(hash).getLong();
            return first == 0 ? 1 : first;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
