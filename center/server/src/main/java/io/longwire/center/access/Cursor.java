package io.longwire.center.access;

import com.google.protobuf.ByteString;
import io.longwire.center.refuse.Refused;
import java.util.Base64;

/** Where a list goes on, as callers carry it: opaque to them, base 64 for URLs. Static, pure. */
public final class Cursor {
    private static final int MAX_CHARS = 256;

    private Cursor() {
    }

    /** Empty = nothing follows. */
    public static String text(ByteString cursor) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.toByteArray());
    }

    /** Throws {@link Refused} for what no list has given out. */
    public static ByteString parse(String text) {
        try {
            if (text.length() <= MAX_CHARS) {
                return ByteString.copyFrom(Base64.getUrlDecoder().decode(text));
            }
        } catch (IllegalArgumentException none) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    /** The number of entries that a caller asks for. Throws {@link Refused}. */
    public static int limit(int asked, int usual, int most) {
        if (asked < 0 || asked > most) {
            throw Refused.invalid("limit", Integer.toUnsignedString(asked), "1 to " + most);
        }
        return asked == 0 ? usual : asked;
    }

    private static Refused invalid(String text) {
        return Refused.invalid("cursor", text, "the cursor of an earlier answer, or none");
    }
}
