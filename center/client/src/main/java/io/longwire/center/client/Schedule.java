package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.ScheduleInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A send at later times.
 *
 * @param state active, paused, done or deleted
 * @param cron empty = once
 * @param nextFire null = never again
 * @param fired how many times it was sent
 * @param lastMessageId of the last send; empty = none
 * @param lastProblem why the last send failed; empty = it did not
 */
public record Schedule(String scheduleId, String state, String cron, String zone, @Nullable Instant nextFire,
        String label, long fired, String lastMessageId, @Nullable Instant lastFire, String lastProblem,
        @Nullable Instant created, @Nullable Instant until) {

    static Schedule of(ScheduleInfo info) {
        return new Schedule(info.getScheduleId(), info.getState(), info.getCron(), info.getZone(),
                Times.instant(info.getNextFireMs()), info.getLabel(), info.getFired(), info.getLastMessageId(),
                Times.instant(info.getLastFireMs()), info.getLastProblem(), Times.instant(info.getCreatedMs()),
                Times.instant(info.getUntilMs()));
    }
}
