package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Encryption;
import io.longwire.device.v1.Push;
import io.longwire.sdk.seal.PayloadCipher;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * What an app's backend seals for it: opened as it comes, before it is stored, so that what cannot be opened is
 * answered while its sender can be told. Belongs to the loop.
 */
final class SealedPayloads {
    private static final String LABEL = "longwire payload 1";

    private final PayloadCipher.@Nullable Key key;
    private final ByteString registered;

    /** @param key null = the app has none */
    SealedPayloads(PayloadCipher.@Nullable Key key) {
        this.key = key;
        registered = key == null ? ByteString.EMPTY : ByteString.copyFrom(key.payloadKey());
    }

    /** What the platform is to know; empty = nothing can be sealed for this app. */
    ByteString key() {
        return registered;
    }

    /** Whether everybody on its way could read it. */
    static boolean isReadable(Push push) {
        return push.getEncValue() == Encryption.ENC_NONE_VALUE && !push.getPayload().isEmpty();
    }

    /**
     * The push as it was before it was sealed; one that was not is itself.
     *
     * @param endpoint it is for, as text
     * @throws GeneralSecurityException it cannot be opened here; the message says why
     */
    Push open(Push push, String endpoint) throws GeneralSecurityException {
        if (push.getEncValue() == Encryption.ENC_NONE_VALUE) {
            return push;
        }
        PayloadCipher.Key opens = key;
        if (opens == null || push.getEnc() != Encryption.ENC_HPKE) {
            throw new GeneralSecurityException("encryption: " + push.getEncValue() + " (expected: "
                    + (opens == null ? "none, as the app has no cipher" : "HPKE") + ")");
        }
        byte[] context = (LABEL + "\0" + endpoint + "\0").getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] payload = opens.open(push.getPayload().toByteArray(), context);
            return push.toBuilder().setPayload(ByteString.copyFrom(payload)).clearEnc().build();
        } catch (GeneralSecurityException | RuntimeException wrong) { // a bug of the cipher must not end the loop
            throw new GeneralSecurityException("payload: not to be opened (expected: sealed for " + endpoint
                    + " with the key it has now, and unchanged)", wrong);
        }
    }
}
