package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Timeline;
import io.longwire.center.client.Timeline.Milestone;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Follows a message by asking center, and tells each new milestone once. Blocks its caller. */
public final class TimelineWatch {
    private static final Duration STEP = Duration.ofMillis(20);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private TimelineWatch() {
    }

    /** Follows until the message has ended or the patience is over; returns what was known last. */
    public static Timeline follow(LongwireBackend backend, String messageId, String endpoint, Duration patience,
            Consumer<String> lines) {
        return follow(backend, messageId, endpoint, patience, new HashSet<>(), lines);
    }

    /** As above, without the milestones in {@code told}, to which new ones are added. */
    public static Timeline follow(LongwireBackend backend, String messageId, String endpoint, Duration patience,
            Set<String> told, Consumer<String> lines) {
        Clock clock = Clock.system();
        long end = clock.nanos() + patience.toNanos();
        while (true) {
            Timeline now = backend.timeline(messageId, endpoint).await();
            for (Milestone stone : now.milestones()) {
                if (told.add(stone.name())) {
                    lines.accept(line(messageId, stone));
                }
            }
            if (now.ended() || clock.nanos() - end > 0 || Thread.currentThread().isInterrupted()) {
                return now;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    static String line(String messageId, Milestone stone) {
        return TIME.format(stone.at()) + "  " + messageId + "  " + stone.name();
    }
}
