package io.longwire.coordinator.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What proves to a backend that a request is ours and of now. Static, any thread. */
final class Signature {
    private static final String HMAC = "HmacSHA256";
    private static final int ID_DIGITS = 8;

    private Signature() {
    }

    /**
     * {@code v1=HEX}, one for each secret with commas between: HMAC-SHA256 over timestamp, events and body with a full
     * stop after each of the first two.
     *
     * @param events the ids of the events with commas between
     */
    static String of(List<String> secrets, String timestamp, String events, byte[] body) {
        var all = new StringJoiner(",");
        for (String secret : secrets) {
            try {
                Mac mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
                mac.update((timestamp + "." + events + ".").getBytes(StandardCharsets.US_ASCII));
                all.add("v1=" + HexFormat.of().formatHex(mac.doFinal(body)));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("HmacSHA256: missing (expected: every Java has it)", impossible);
            }
        }
        return all.toString();
    }

    /** What a secret is called where it must not be shown. */
    static String id(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, ID_DIGITS);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: every Java has it)", impossible);
        }
    }
}
