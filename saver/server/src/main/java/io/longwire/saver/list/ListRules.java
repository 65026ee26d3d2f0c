package io.longwire.saver.list;

import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.BadLine;
import io.longwire.rpc.saver.ListPart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a list and its parts may be. A broken rule is an IllegalArgumentException. */
final class ListRules {
    /** The most endpoints of a list, before any is dropped. */
    static final long MOST_ENDPOINTS = 10_000_000;
    static final int MOST_PARTS = 10_000;
    static final int PART_ENDPOINTS = 10_000;
    static final int BAD_LINES = 100;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final int MAX_LABEL = 120;
    private static final int MAX_KEY_BYTES = 255;
    private static final int MAX_VALUE = 64;
    private static final int MAX_EXPECTED = 200;

    private ListRules() {
    }

    /** What center gave, with the times it has. */
    static AudienceList made(AudienceList given, long now) {
        require(given.getAppId() != 0, "app_id", "0", "an app");
        require(given.getLabel().length() <= MAX_LABEL, "label", given.getLabel().length() + " characters",
                "at most " + MAX_LABEL);
        int keyBytes = key(given).length;
        require(keyBytes <= MAX_KEY_BYTES, "idempotency_key", keyBytes + " bytes", "at most " + MAX_KEY_BYTES);
        long expire = given.getExpireAtMs() == 0 ? now + KEPT.toMillis() : given.getExpireAtMs();
        require(expire > now && expire <= now + LONGEST.toMillis(), "expire_at_ms", Long.toString(expire),
                "later than now, by at most " + LONGEST.toDays() + " days");
        return AudienceList.newBuilder().setAppId(given.getAppId()).setState(AudienceList.State.OPEN)
                .setLabel(given.getLabel()).setIdempotencyKey(given.getIdempotencyKey()).setCreatedMs(now)
                .setExpireAtMs(expire).build();
    }

    static byte[] key(AudienceList list) {
        return list.getIdempotencyKey().getBytes(StandardCharsets.UTF_8);
    }

    static void check(ListPart part) {
        require(part.getPart() >= 0 && part.getPart() < MOST_PARTS, "part", Integer.toUnsignedString(part.getPart()),
                "0 to " + (MOST_PARTS - 1));
        int bytes = part.getEndpoints().size();
        require(bytes % SlotOrder.BYTES == 0 && bytes / SlotOrder.BYTES <= PART_ENDPOINTS, "endpoints",
                bytes + " bytes", "8 each, of at most " + PART_ENDPOINTS);
        require(part.getBad() >= 0 && part.getBadLinesCount() <= Math.min(part.getBad(), BAD_LINES), "bad_lines",
                part.getBadLinesCount() + " of " + Long.toUnsignedString(part.getBad()),
                "the first " + BAD_LINES + " of them");
        long known = bytes / SlotOrder.BYTES + part.getBad();
        require(part.getLines() >= known && part.getLines() <= Integer.MAX_VALUE, "lines",
                Long.toUnsignedString(part.getLines()), "at least the " + known + " that were read, below 2^31");
        long before = 0;
        for (BadLine bad : part.getBadLinesList()) {
            require(bad.getLine() > before, "bad_lines.line", Long.toUnsignedString(bad.getLine()),
                    "from 1, each above the one before");
            require(bad.getValue().length() <= MAX_VALUE && bad.getExpected().length() <= MAX_EXPECTED,
                    "bad_lines.value, expected", bad.getValue().length() + ", " + bad.getExpected().length()
                            + " characters",
                    "at most " + MAX_VALUE + ", " + MAX_EXPECTED);
            before = bad.getLine();
        }
    }

    private static void require(boolean holds, String name, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
