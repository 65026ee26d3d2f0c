package io.longwire.saver.append;

import com.google.protobuf.CodedOutputStream;
import io.longwire.device.v1.Push;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The one thing the saver knows of an envelope: the message id in it. */
final class Envelope {
    /** The most bytes: 4 KiB of payload and what stands around it. */
    static final int MAX_BYTES = 6_000;

    private Envelope() {
    }

    /**
     * The same push under another id: the field is written once more behind the rest, and the last one counts in
     * protobuf.
     */
    static byte[] withId(byte[] envelope, long message) {
        int size = CodedOutputStream.computeFixed64Size(Push.MESSAGE_ID_FIELD_NUMBER, message);
        byte[] changed = Arrays.copyOf(envelope, envelope.length + size);
        try {
            var out = CodedOutputStream.newInstance(changed, envelope.length, size);
            out.writeFixed64(Push.MESSAGE_ID_FIELD_NUMBER, message);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return changed;
    }
}
