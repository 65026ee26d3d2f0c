package io.longwire.sdk.transport;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rooms that an app carries with it, for the day no dispatcher answers and no room is remembered. The list is text that
 * a shell can make, and signed, so that an app can also take it from where it does not trust:
 *
 * <pre>
 * longwire-rooms 1
 * until 1830297600000
 * tls://room-1.example.com:443 north
 * tls://203.0.113.7:8443 south
 * signature 3045...
 * </pre>
 *
 * One line for each address, with the data centre where it is known; {@code until} is unix ms. The signature, in hex,
 * is of every byte before its line: ECDSA with SHA-256 under a key of P-256 (every Android has it), or Ed25519 where
 * the platform knows it. Immutable.
 */
public final class BootstrapList {
    private static final String FIRST = "longwire-rooms 1";
    private static final String UNTIL = "until ";
    private static final String SIGNATURE = "\nsignature ";
    private static final String TLS = "tls://";
    private static final int BYTES_MAX = 64 * 1024;
    private static final int ROOMS_MAX = 64;

    private final List<Address> rooms;
    private final long untilMillis;

    private BootstrapList(List<Address> rooms, long untilMillis) {
        this.rooms = rooms;
        this.untilMillis = untilMillis;
    }

    /** No room. */
    public static BootstrapList empty() {
        return new BootstrapList(Collections.emptyList(), 0);
    }

    /**
     * Reads a list that this key signed.
     *
     * @throws GeneralSecurityException it is no such list, or another key's, or a byte of it was changed; the text says
     *         which
     */
    public static BootstrapList read(byte[] signed, PublicKey key) throws GeneralSecurityException {
        if (signed.length > BYTES_MAX) {
            throw new GeneralSecurityException("bootstrap: " + signed.length + " bytes (expected: at most " + BYTES_MAX
                    + ")");
        }
        String text = new String(signed, StandardCharsets.ISO_8859_1); // a char for each byte
        int at = text.lastIndexOf(SIGNATURE);
        if (at < 0) {
            throw new GeneralSecurityException("bootstrap: unsigned (expected: a last line of \"signature\" and hex)");
        }
        Signature check = Signature.getInstance("EC".equals(key.getAlgorithm()) ? "SHA256withECDSA" : "Ed25519");
        check.initVerify(key);
        check.update(signed, 0, at + 1);
        if (!check.verify(bytes(text.substring(at + SIGNATURE.length()).trim()))) {
            throw new GeneralSecurityException("bootstrap: signature wrong (expected: made by the key of the app)");
        }
        return parse(text.substring(0, at).split("\n", -1));
    }

    /** The rooms, best first. */
    public List<Address> rooms() {
        return rooms;
    }

    /** Unix ms from which on the list is not used. */
    public long untilMillis() {
        return untilMillis;
    }

    private static BootstrapList parse(String[] lines) throws GeneralSecurityException {
        if (lines.length < 2 || !lines[0].equals(FIRST) || !lines[1].startsWith(UNTIL)) {
            throw new GeneralSecurityException("bootstrap: " + lines[0] + " (expected: " + FIRST + ", then " + UNTIL
                    + "unix ms)");
        }
        List<Address> rooms = new ArrayList<>();
        for (int i = 2; i < lines.length; i++) {
            if (!lines[i].trim().isEmpty() && rooms.size() < ROOMS_MAX) {
                rooms.add(room(lines[i].trim()));
            }
        }
        return new BootstrapList(Collections.unmodifiableList(rooms), number(lines[1].substring(UNTIL.length()).trim(),
                Long.MAX_VALUE));
    }

    private static Address room(String line) throws GeneralSecurityException {
        boolean tls = line.startsWith(TLS);
        String rest = tls ? line.substring(TLS.length()) : line;
        int space = rest.indexOf(' ');
        String where = space < 0 ? rest : rest.substring(0, space);
        int colon = where.lastIndexOf(':');
        String host = colon <= 0 ? "" : where.substring(0, colon);
        int port = colon <= 0 ? 0 : (int) number(where.substring(colon + 1), 65_535);
        if (!Address.isUsable(host, ByteString.EMPTY, port)) {
            throw new GeneralSecurityException("bootstrap: " + line + " (expected: [tls://]host:port [data centre])");
        }
        return Address.of(host, ByteString.EMPTY, port, tls).in(space < 0 ? "" : rest.substring(space + 1).trim());
    }

    private static long number(String text, long most) throws GeneralSecurityException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException none) {
            throw new GeneralSecurityException("bootstrap: " + text + " (expected: a number)", none);
        }
        throw new GeneralSecurityException("bootstrap: " + text + " (expected: from 0 to " + most + ")");
    }

    // Of our own: Android below 8 has no java.util.Base64, and hex is what "xxd -p" prints.
    private static byte[] bytes(String hex) throws GeneralSecurityException {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(hex.charAt(2 * i), 16);
            int low = Character.digit(hex.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                throw new GeneralSecurityException("bootstrap: signature is not hex (expected: 0-9, a-f)");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }
}
