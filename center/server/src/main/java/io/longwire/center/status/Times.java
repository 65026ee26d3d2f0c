package io.longwire.center.status;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as people read them: RFC 3339 in UTC, with milliseconds. */
final class Times {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
            .withZone(ZoneOffset.UTC);

    private Times() {
    }

    static String text(long unixMillis) {
        return FORMAT.format(Instant.ofEpochMilli(unixMillis));
    }
}
