package io.longwire.center.schedule;

import io.longwire.center.refuse.Refused;
import io.longwire.center.send.NotBefore;
import io.longwire.rpc.center.CreateScheduleRequest;
import io.longwire.rpc.saver.Schedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;

/** The rules of a schedule, and its times. Pure, any thread. */
final class NewSchedule {
    private static final int MAX_LABEL = 120;
    private static final int MAX_KEY = 128;
    private static final Duration FARTHEST = Duration.ofDays(366);

    private NewSchedule() {
    }

    /** The schedule without app, id and message. Throws {@link Refused} for the first rule it breaks. */
    static Schedule.Builder of(CreateScheduleRequest request, long now) {
        if (request.hasMessage() == request.hasBroadcast()) {
            throw Refused.invalid("message", request.hasMessage() ? "with broadcast" : "missing",
                    "what POST /v1/messages takes, or a broadcast");
        }
        var message = request.getMessage();
        only("message.not_before", message.getNotBefore());
        only("message.dry_run", message.getDryRun() ? "true" : "");
        only("message.idempotency_key", message.getIdempotencyKey());
        var broadcast = request.getBroadcast();
        only("broadcast.not_before", broadcast.getNotBefore());
        only("broadcast.dry_run", broadcast.getDryRun() ? "true" : "");
        only("broadcast.idempotency_key", broadcast.getIdempotencyKey());
        if (request.getCron().isEmpty() == request.getAt().isEmpty()) {
            throw Refused.invalid("cron", request.getCron().isEmpty() ? "missing" : "with at", "either cron or at");
        }
        text("label", request.getLabel(), MAX_LABEL);
        text("idempotency_key", request.getIdempotencyKey(), MAX_KEY);
        return (request.getCron().isEmpty() ? once(request, now) : cron(request, now)).setLabel(request.getLabel());
    }

    /** The next time of a cron after this one, in unix milliseconds; 0 = none, or not before its end. */
    static long next(Schedule schedule, long after) {
        long next = Cron.parse(schedule.getCron(), schedule.getZone()).after(after);
        return schedule.getUntilMs() != 0 && next >= schedule.getUntilMs() ? 0 : next;
    }

    private static Schedule.Builder once(CreateScheduleRequest request, long now) {
        only("zone", request.getZone());
        only("until", request.getUntil());
        return Schedule.newBuilder().setNextFireMs(
                future("at", request.getAt(), NotBefore.earliest(now, request.getIdempotencyKey()), now));
    }

    private static Schedule.Builder cron(CreateScheduleRequest request, long now) {
        var schedule = Schedule.newBuilder().setCron(request.getCron().strip()).setZone(request.getZone());
        if (!request.getUntil().isEmpty()) {
            schedule.setUntilMs(future("until", request.getUntil(), now, now));
        }
        long next = next(schedule.build(), now);
        if (next == 0) {
            throw Refused.invalid("cron", request.getCron(), request.getUntil().isEmpty()
                    ? "a time that comes"
                    : "a time before " + Refused.shown(request.getUntil()));
        }
        return schedule.setNextFireMs(next);
    }

    private static long future(String field, String text, long earliest, long now) {
        long time;
        try {
            time = OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException wrong) {
            throw Refused.invalid(field, text, "a time such as 2027-01-31T09:30:00Z");
        }
        if (time <= earliest || time > now + FARTHEST.toMillis()) {
            throw Refused.invalid(field, text, "a time to come, within " + FARTHEST.toDays() + " days");
        }
        return time;
    }

    private static void only(String field, String value) {
        if (!value.isEmpty()) {
            throw Refused.invalid(field, value, "none here");
        }
    }

    private static void text(String field, String value, int most) {
        if (value.length() > most || value.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid(field, value, "at most " + most + " characters, no control characters");
        }
    }
}
