package io.longwire.center.schedule;

import com.google.protobuf.ByteString;
import io.longwire.center.access.KeyText;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.AtLimit;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.CreateScheduleRequest;
import io.longwire.rpc.center.ListSchedulesReply;
import io.longwire.rpc.center.ScheduleInfo;
import io.longwire.rpc.center.ScheduleName;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * Sends that are to happen later. A schedule that was answered is kept, and fires once at each of its times whatever
 * dies; {@link Firing} does that. What it is to send is checked when it is made, with the app's settings of then, and
 * again when it fires. Thread-safe, never blocks.
 */
public final class Schedules {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final int CUT_BYTES = 1 << 20; // a saver cuts its answers above this: there may be more

    private final ScheduleStore store;
    private final MessageIds ids;
    private final Checks checks;
    private final Clock clock;

    /**
     * Whether something may be sent; nothing is.
     *
     * @param message completes if it may be
     * @param broadcast throws {@link Refused} unless it may be
     */
    public record Checks(BiFunction<SendRequest, AppRecord, CompletableFuture<SendReply>> message,
            BiConsumer<CreateBroadcastRequest, AppRecord> broadcast) {
    }

    public Schedules(ScheduleStore store, MessageIds ids, Checks checks, Clock clock) {
        this.store = store;
        this.ids = ids;
        this.checks = checks;
        this.clock = clock;
    }

    /**
     * Keeps a request that names {@code not_before}, once it was checked, to be sent at that time; its idempotency key
     * gives the same schedule for the same request. Fails with {@link Refused} IDEMPOTENCY_CONFLICT, or as the store.
     *
     * @return the schedule as it stands: its id and {@code next_fire_ms} are the answer's
     */
    public CompletableFuture<Schedule> once(AppRecord app, SendRequest request, long fireMillis) {
        var schedule = Schedule.newBuilder().setAppId(app.getAppId()).setNextFireMs(fireMillis);
        return put(schedule, new Scheduled.ToTargets(request), request.getIdempotencyKey(),
                request.toBuilder().clearIdempotencyKey().clearTraceparent().build().toByteString());
    }

    /** The same for a broadcast that names {@code not_before} and was checked. */
    public CompletableFuture<Schedule> once(AppRecord app, CreateBroadcastRequest request, long fireMillis) {
        var schedule = Schedule.newBuilder().setAppId(app.getAppId()).setNextFireMs(fireMillis)
                .setLabel(request.getLabel());
        String key = request.getIdempotencyKey();
        return put(schedule, new Scheduled.ToAudience(request), key.isEmpty() ? "" : "broadcast:" + key,
                request.toBuilder().clearIdempotencyKey().build().toByteString());
    }

    /** Fails with {@link Refused} for what breaks a rule, of the schedule or of its message. */
    public CompletableFuture<ScheduleInfo> create(AppRecord app, CreateScheduleRequest request) {
        var schedule = NewSchedule.of(request, clock.wallMillis()).setAppId(app.getAppId());
        var same = request.toBuilder().clearIdempotencyKey(); // the trace is another one with each try
        if (request.hasMessage()) {
            same.getMessageBuilder().clearTraceparent();
        }
        var body = same.build().toByteString();
        if (request.hasBroadcast()) {
            checks.broadcast.accept(request.getBroadcast(), app);
            return put(schedule, new Scheduled.ToAudience(request.getBroadcast()), request.getIdempotencyKey(), body)
                    .thenApply(ScheduleText::info);
        }
        return checks.message.apply(request.getMessage().toBuilder().setDryRun(true).build(), app)
                .thenCompose(sendable -> put(schedule, new Scheduled.ToTargets(request.getMessage()),
                        request.getIdempotencyKey(), body))
                .thenApply(ScheduleText::info);
    }

    public CompletableFuture<ListSchedulesReply> list(int appId,
            io.longwire.rpc.center.ListSchedulesRequest request) {
        int limit = request.getLimit() == 0 ? DEFAULT_PAGE : request.getLimit();
        if (limit < 1 || limit > MAX_PAGE) {
            throw Refused.invalid("limit", Integer.toUnsignedString(limit), "1 to " + MAX_PAGE);
        }
        long after = request.getCursor().isEmpty() ? 0 : ScheduleText.id("cursor", request.getCursor());
        return store.schedules(ListSchedulesRequest.newBuilder().setAppId(appId).setAfterId(after).setLimit(limit)
                .build()).thenApply(found -> {
                    var answer = ListSchedulesReply.newBuilder();
                    found.getSchedulesList().forEach(schedule -> answer.addSchedules(ScheduleText.info(schedule)));
                    if (found.getSchedulesCount() == limit || found.getSerializedSize() > CUT_BYTES) {
                        answer.setCursor(
                                ScheduleText.text(found.getSchedules(found.getSchedulesCount() - 1).getScheduleId()));
                    }
                    return answer.build();
                });
    }

    public CompletableFuture<ScheduleInfo> get(int appId, ScheduleName name) {
        return change(appId, name, Schedule.State.ABSENT).thenApply(ScheduleText::info);
    }

    /** It fires no more until it is resumed. A fire that is under way is not called back. */
    public CompletableFuture<ScheduleInfo> pause(int appId, ScheduleName name) {
        return change(appId, name, Schedule.State.PAUSED).thenApply(ScheduleText::info);
    }

    /** A cron goes on with its next time from now; one time that passed meanwhile is worked as one that was missed. */
    public CompletableFuture<ScheduleInfo> resume(int appId, ScheduleName name) {
        return change(appId, name, Schedule.State.ABSENT).thenCompose(found -> {
            long now = clock.wallMillis();
            boolean skips = found.getState() == Schedule.State.PAUSED && !found.getCron().isEmpty()
                    && found.getNextFireMs() != 0 && found.getNextFireMs() <= now;
            return skips ? skipTo(found, NewSchedule.next(found, now)) : CompletableFuture.completedFuture(found);
        }).thenCompose(found -> change(appId, name, Schedule.State.ACTIVE)).thenApply(ScheduleText::info);
    }

    public CompletableFuture<ScheduleInfo> delete(int appId, ScheduleName name) {
        return change(appId, name, Schedule.State.DELETED).thenApply(ScheduleText::info);
    }

    private CompletableFuture<Schedule> skipTo(Schedule paused, long next) {
        return store.settleSchedule(SettleScheduleRequest.newBuilder().setScheduleId(paused.getScheduleId())
                .setAppId(paused.getAppId()).setFiredMs(paused.getNextFireMs()).setNextFireMs(next)
                .setProblem("skipped: paused at its time").build());
    }

    private CompletableFuture<Schedule> put(Schedule.Builder schedule, Scheduled what, String key,
            ByteString body) {
        schedule.setScheduleId(ids.mint()).setState(Schedule.State.ACTIVE).setRequest(what.kept())
                .setCreatedMs(clock.wallMillis());
        if (!key.isEmpty()) {
            schedule.setIdempotency(Idempotency.newBuilder().setKeyHash(KeyText.hash("schedule:" + key))
                    .setBodyHash(ByteString.copyFrom(KeyText.sha256().digest(body.toByteArray()))));
        }
        var wanted = schedule.build();
        return store.putSchedule(wanted).exceptionallyCompose(AtLimit::failed).thenApply(inForce -> {
            if (wanted.hasIdempotency()
                    && !inForce.getIdempotency().getBodyHash().equals(wanted.getIdempotency().getBodyHash())) {
                throw Refused.because(Why.IDEMPOTENCY_CONFLICT,
                        "idempotency_key: used for another schedule (expected: the same body, or a new key)");
            }
            return inForce;
        });
    }

    private CompletableFuture<Schedule> change(int appId, ScheduleName name, Schedule.State state) {
        var request = ScheduleRequest.newBuilder().setAppId(appId)
                .setScheduleId(ScheduleText.id("schedule_id", name.getScheduleId())).setState(state).build();
        return store.schedule(request).thenApply(found -> {
            if (found.getState() == Schedule.State.ABSENT) {
                throw Refused.because(Why.UNKNOWN_SCHEDULE, "schedule_id: " + Refused.shown(name.getScheduleId())
                        + " (expected: a schedule of this app)");
            }
            return found;
        });
    }
}
