package io.longwire.coordinator.reply;

import io.longwire.device.credential.HmacSha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The {@code reply_to} of events: app, endpoint, seq and end of a request, and 16 bytes of a tag over them. Who has one
 * was given the event; nobody makes one for another endpoint, app or time. 60 characters of base 64 for URLs.
 * Thread-safe.
 */
public final class ReplyTokens {
    private static final byte VERSION = 1;
    private static final int CLAIM_BYTES = 1 + 4 + 8 + 8 + 8;
    private static final int TAG_BYTES = 16;
    private static final int TEXT_CHARS = (CLAIM_BYTES + TAG_BYTES) * 4 / 3;
    private static final byte[] PURPOSE = "longwire reply_to 1".getBytes(StandardCharsets.US_ASCII);

    private final HmacSha256 key;

    /** @param platformKey the key that tags endpoint ids: the same in all coordinators, and never changed */
    public ReplyTokens(byte[] platformKey) {
        this.key = new HmacSha256(new HmacSha256(platformKey).tag(PURPOSE, 0, PURPOSE.length));
    }

    /** What an event carries. */
    public String text(Asked asked) {
        var bytes = ByteBuffer.allocate(CLAIM_BYTES + TAG_BYTES).put(VERSION).putInt(asked.app())
                .putLong(asked.endpointId()).putLong(asked.seq()).putLong(asked.untilMillis());
        bytes.put(key.tag(bytes.array(), 0, CLAIM_BYTES), 0, TAG_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Null if this platform did not make it. */
    public @Nullable Asked read(String text) {
        if (text.length() != TEXT_CHARS) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException other) {
            return null;
        }
        byte[] tag = Arrays.copyOf(key.tag(bytes, 0, CLAIM_BYTES), TAG_BYTES);
        var claims = ByteBuffer.wrap(bytes);
        if (!HmacSha256.matches(tag, bytes, CLAIM_BYTES) || claims.get() != VERSION) {
            return null;
        }
        return new Asked(claims.getInt(), claims.getLong(), claims.getLong(), claims.getLong());
    }
}
