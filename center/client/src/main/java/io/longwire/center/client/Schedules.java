package io.longwire.center.client;

import io.grpc.MethodDescriptor;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.CreateScheduleRequest;
import io.longwire.rpc.center.ListSchedulesRequest;
import io.longwire.rpc.center.ScheduleInfo;
import io.longwire.rpc.center.ScheduleName;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Sends at later times; each fires once per time, whatever dies. Thread-safe. */
public final class Schedules {
    private final Calls calls;

    Schedules(Calls calls) {
        this.calls = calls;
    }

    /**
     * When a schedule fires: once, or by a cron expression of five fields (minute hour day-of-month month day-of-week).
     *
     * @param until a cron's end; null = none
     */
    public record When(String cron, ZoneId zone, @Nullable Instant at, @Nullable Instant until) {
        public static When once(Instant at) {
            return new When("", ZoneId.of("UTC"), at, null);
        }

        public static When cron(String expression, ZoneId zone) {
            return new When(expression, zone, null, null);
        }

        /** The same, not after that time. */
        public When until(Instant end) {
            return new When(cron, zone, at, end);
        }
    }

    /**
     * A new one. Its message may not have a time of its own; the message's idempotency key becomes the schedule's: the
     * same key gives the same schedule.
     */
    public Answer<Schedule> create(Message message, When when, String label) {
        String given = message.request().getIdempotencyKey();
        var request = CreateScheduleRequest.newBuilder().setLabel(label)
                .setMessage(message.request().toBuilder().clearIdempotencyKey())
                .setIdempotencyKey(given.isEmpty() ? Message.randomKey() : given);
        Instant at = when.at();
        if (at != null) {
            request.setAt(at.toString());
        } else {
            request.setCron(when.cron()).setZone(when.zone().getId());
        }
        Instant until = when.until();
        if (until != null) {
            request.setUntil(until.toString());
        }
        return calls.call(CenterGrpc.getCreateScheduleMethod(), request.build(), Repeat.ALWAYS).map(Schedule::of);
    }

    /** @param cursor of the page before; empty = from the beginning */
    public Answer<Page<Schedule>> list(String cursor, int limit) {
        var request = ListSchedulesRequest.newBuilder().setCursor(cursor).setLimit(limit).build();
        return calls.call(CenterGrpc.getListSchedulesMethod(), request, Repeat.ALWAYS).map(reply -> new Page<>(
                reply.getSchedulesList().stream().map(Schedule::of).toList(), reply.getCursor()));
    }

    public Answer<Schedule> get(String scheduleId) {
        return named(CenterGrpc.getGetScheduleMethod(), scheduleId);
    }

    /** It does not fire until it is resumed; times that pass meanwhile are left out. */
    public Answer<Schedule> pause(String scheduleId) {
        return named(CenterGrpc.getPauseScheduleMethod(), scheduleId);
    }

    public Answer<Schedule> resume(String scheduleId) {
        return named(CenterGrpc.getResumeScheduleMethod(), scheduleId);
    }

    public Answer<Schedule> delete(String scheduleId) {
        return named(CenterGrpc.getDeleteScheduleMethod(), scheduleId);
    }

    private Answer<Schedule> named(MethodDescriptor<ScheduleName, ScheduleInfo> method, String scheduleId) {
        return calls.call(method, ScheduleName.newBuilder().setScheduleId(scheduleId).build(), Repeat.ALWAYS)
                .map(Schedule::of);
    }
}
