package io.longwire.keeper.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HexFormat;

/**
 * A {@code traceparent} of W3C Trace Context, as text and as the bytes that travel with a message: version 0, trace id
 * (16), parent id (8), flags. The platform forwards it: it makes no trace and no span of its own, so what comes out is
 * what went in. Static, pure.
 */
public final class Traceparent {
    /** The name of the header, and of the metadata over gRPC. */
    public static final String HEADER = "traceparent";
    /** Of a trace. */
    public static final int BYTES = 26;

    private static final int CHARS = 55;
    private static final int TRACE_AT = 3;
    private static final int TRACE_BYTES = 16;
    private static final int PARENT_AT = 36;
    private static final int PARENT_BYTES = 8;
    private static final int FLAGS_AT = 53;
    private static final int FORBIDDEN_VERSION = 0xff;
    private static final int KNOWN_FLAGS = 0x03; // sampled, random trace id; the others are to be zero
    private static final HexFormat HEX = HexFormat.of();

    private Traceparent() {
    }

    /**
     * The bytes; empty for no text, and for a malformed one, which W3C wants ignored. Of a later version is read what
     * version 00 knows.
     */
    public static ByteString parse(String text) {
        if (text.length() < CHARS || !hasDashes(text) || !fits(octet(text, 0), text)) {
            return ByteString.EMPTY;
        }
        byte[] bytes = new byte[BYTES];
        int flags = octet(text, FLAGS_AT);
        if (flags < 0 || !id(text, TRACE_AT, TRACE_BYTES, bytes, 1)
                || !id(text, PARENT_AT, PARENT_BYTES, bytes, 1 + TRACE_BYTES)) {
            return ByteString.EMPTY;
        }
        bytes[BYTES - 1] = (byte) (flags & KNOWN_FLAGS);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** As version 00 writes it; empty for what are no such bytes. */
    public static String text(ByteString trace) {
        if (trace.size() != BYTES || trace.byteAt(0) != 0) {
            return "";
        }
        byte[] bytes = trace.toByteArray();
        return "00-" + HEX.formatHex(bytes, 1, 1 + TRACE_BYTES) + '-'
                + HEX.formatHex(bytes, 1 + TRACE_BYTES, BYTES - 1) + '-' + HEX.formatHex(bytes, BYTES - 1, BYTES);
    }

    /** The trace id of a text that {@link #text} gave: 32 characters, or none. */
    public static String traceId(String text) {
        return text.isEmpty() ? "" : text.substring(TRACE_AT, TRACE_AT + 2 * TRACE_BYTES);
    }

    private static boolean hasDashes(String text) {
        return text.charAt(TRACE_AT - 1) == '-' && text.charAt(PARENT_AT - 1) == '-'
                && text.charAt(FLAGS_AT - 1) == '-';
    }

    private static boolean fits(int version, String text) {
        return version == 0
                ? text.length() == CHARS
                : version > 0 && version != FORBIDDEN_VERSION
                        && (text.length() == CHARS || text.charAt(CHARS) == '-');
    }

    // False for a character that is none, and for nothing but zeros.
    private static boolean id(String text, int from, int count, byte[] into, int at) {
        int any = 0;
        for (int i = 0; i < count; i++) {
            int octet = octet(text, from + 2 * i);
            if (octet < 0) {
                return false;
            }
            any |= octet;
            into[at + i] = (byte) octet;
        }
        return any != 0;
    }

    private static int octet(String text, int at) {
        int high = digit(text.charAt(at));
        int low = digit(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    // Lower case only.
    private static int digit(char character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
    }
}
