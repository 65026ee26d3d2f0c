package io.longwire.saver.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.longwire.device.v1.Push;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** Where the payloads of headless messages stand. Never blocks; the future fails with {@link StoreFailure}. */
public interface Payloads {
    CompletableFuture<ByteString> payload(int app, long message);

    /** The envelope with its payload, as a field behind the rest. */
    static byte[] whole(byte[] envelope, ByteString payload) {
        int size = CodedOutputStream.computeBytesSize(Push.PAYLOAD_FIELD_NUMBER, payload);
        byte[] whole = Arrays.copyOf(envelope, envelope.length + size);
        try {
            var out = CodedOutputStream.newInstance(whole, envelope.length, size);
            out.writeBytes(Push.PAYLOAD_FIELD_NUMBER, payload);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return whole;
    }
}
