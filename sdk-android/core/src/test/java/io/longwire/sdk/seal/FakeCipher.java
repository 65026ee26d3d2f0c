package io.longwire.sdk.seal;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Encryption;
import io.longwire.device.v1.Push;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys that are names, and sealing that writes the name and the context before the payload. */
public final class FakeCipher implements PayloadCipher {
    private final AtomicInteger made = new AtomicInteger();

    @Override
    public Key generate() {
        return new Name(bytes("kept key " + made.incrementAndGet()));
    }

    @Override
    public Key read(byte[] kept) throws GeneralSecurityException {
        if (!text(kept).startsWith("kept key ")) {
            throw new GeneralSecurityException("no key of this cipher");
        }
        return new Name(kept);
    }

    /** What a backend makes of the message that has this key. */
    public static Push sealed(Push push, byte[] payloadKey, String endpoint) {
        byte[] all = bytes(text(payloadKey) + "|longwire payload 1\0" + endpoint + "\0|"
                + push.getPayload().toStringUtf8());
        return push.toBuilder().setPayload(ByteString.copyFrom(all)).setEnc(Encryption.ENC_HPKE).build();
    }

    private static final class Name implements Key {
        private final byte[] kept;

        Name(byte[] kept) {
            this.kept = kept.clone();
        }

        @Override
        public byte[] kept() {
            return kept.clone();
        }

        @Override
        public byte[] payloadKey() {
            return bytes("public" + text(kept));
        }

        @Override
        public byte[] open(byte[] sealed, byte[] context) throws GeneralSecurityException {
            byte[] before = bytes(text(payloadKey()) + "|" + text(context) + "|");
            if (sealed.length < before.length || !Arrays.equals(before, Arrays.copyOf(sealed, before.length))) {
                throw new GeneralSecurityException("not for this key and context");
            }
            return Arrays.copyOfRange(sealed, before.length, sealed.length);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
