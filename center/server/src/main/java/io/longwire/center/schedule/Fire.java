package io.longwire.center.schedule;

import io.longwire.center.CenterMetric;
import io.longwire.center.refuse.Refused;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Units;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.SettleScheduleRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/**
 * One schedule at one of its times, under its lease: send, then settle; each again while the lease lasts. Its steps
 * follow each other, each on the thread that brought it.
 */
final class Fire {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LEAST_LATE = Duration.ofMinutes(1);
    private static final Duration MOST_LATE = Duration.ofHours(23); // an idempotency key is kept for 24 h
    private static final Duration DEFAULT_TTL = Duration.ofDays(1);
    private static final long GOES_ON = Firing.LEASE.toMillis() - 10_000; // a send and a settle take less than the rest
    private static final int PROBLEM_CHARS = 240;

    private final ScheduleStore store;
    private final Firing.Sends sends;
    private final Firing.Tools tools;
    private final Clock clock;
    private final Schedule schedule;
    private final Scheduled what;
    private final long until;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    Fire(ScheduleStore store, Firing.Sends sends, Firing.Tools tools, Schedule schedule) {
        this.store = store;
        this.sends = sends;
        this.tools = tools;
        this.clock = tools.clock();
        this.schedule = schedule;
        this.what = Scheduled.of(schedule);
        this.until = clock.millis() + GOES_ON;
    }

    /** Completes when it is settled, or left to the end of its lease. */
    CompletableFuture<@Nullable Void> run() {
        guarded(this::begin);
        return done;
    }

    private void begin() {
        Duration late = Duration.ofMillis(clock.wallMillis() - schedule.getNextFireMs());
        Duration ttl = ttl();
        Duration most = ttl.compareTo(LEAST_LATE) < 0 ? LEAST_LATE : ttl.compareTo(MOST_LATE) > 0 ? MOST_LATE : ttl;
        if (late.compareTo(most) > 0) {
            settle(0, "missed: " + late.toSeconds() + " s late (expected: at most " + most.toSeconds() + " s)",
                    "missed");
        } else if (what instanceof Scheduled.ToTargets(var request)
                && (request.getClass_() == MessageClass.TRANSIENT || ttl.isZero())) {
            settled(0, "").whenComplete((settled, failure) -> guarded(() -> sendOnce(request, failure)));
        } else {
            send();
        }
    }

    private void send() {
        String key = "sched:" + ScheduleText.text(schedule.getScheduleId()) + ":" + schedule.getNextFireMs();
        sends.apps().apply(schedule.getAppId()).thenCompose(app -> switch (what) {
            case Scheduled.ToTargets(var request) -> sends.send()
                    .apply(request.toBuilder().setIdempotencyKey(key).build(), app);
            case Scheduled.ToAudience(var request) -> sends.broadcast()
                    .apply(request.toBuilder().setIdempotencyKey(key).build(), app);
        }).whenComplete((reply, failure) -> guarded(() -> sent(reply, failure)));
    }

    // TRANSIENT: settled, so nobody sends it again; what becomes of it is not known to anybody later.
    private void sendOnce(SendRequest request, @Nullable Throwable notSettled) {
        if (notSettled != null) {
            left();
            return;
        }
        sends.apps().apply(schedule.getAppId()).thenCompose(app -> sends.send().apply(request, app))
                .whenComplete((reply, failure) -> end(failure == null ? "sent" : "refused"));
    }

    private void sent(@Nullable SendReply reply, @Nullable Throwable failure) {
        if (reply != null) {
            tools.halts().pass("center.fired");
            if (reply.getResultsList().stream().anyMatch(result -> result.getStatus().equals("unavailable"))) {
                again(this::send, RETRY.toMillis()); // under the same key: who has it gets no second one
                return;
            }
            String problem = reply.getAccepted() < reply.getResultsCount()
                    ? "refused: " + reply.getAccepted() + " of " + reply.getResultsCount() + " targets took it"
                    : "";
            settle(reply.getMessageId().isEmpty() ? 0 : MessageId.parse(reply.getMessageId()), problem,
                    reply.getDuplicate() ? "duplicate" : "sent");
            return;
        }
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof Refused refused && refused.retryAfterMillis() == 0) {
            settle(0, refused.why().code() + ": " + refused.detail(), "refused");
        } else if (cause instanceof Refused busy) {
            again(this::send, busy.retryAfterMillis());
        } else if (cause instanceof RpcFailure) {
            again(this::send, RETRY.toMillis());
        } else {
            throw new IllegalStateException("send: failed", cause);
        }
    }

    private void settle(long messageId, String problem, String outcome) {
        settled(messageId, problem).whenComplete((settled, failure) -> guarded(() -> {
            if (failure == null) {
                end(outcome);
            } else {
                again(() -> settle(messageId, problem, outcome), RETRY.toMillis());
            }
        }));
    }

    private CompletableFuture<Schedule> settled(long messageId, String problem) {
        long next = schedule.getCron().isEmpty()
                ? 0
                : NewSchedule.next(schedule, Math.max(clock.wallMillis(), schedule.getNextFireMs()));
        return store.settleSchedule(SettleScheduleRequest.newBuilder().setScheduleId(schedule.getScheduleId())
                .setAppId(schedule.getAppId()).setFiredMs(schedule.getNextFireMs()).setNextFireMs(next)
                .setMessageId(messageId)
                .setProblem(problem.length() > PROBLEM_CHARS ? problem.substring(0, PROBLEM_CHARS) : problem).build());
    }

    private void again(Runnable step, long afterMillis) {
        if (clock.millis() + afterMillis >= until) {
            left();
        } else {
            clock.schedule(Duration.ofMillis(afterMillis), () -> guarded(step));
        }
    }

    private void left() {
        end("left");
    }

    private void end(String outcome) {
        count(outcome);
        done.complete(null);
    }

    private void count(String outcome) {
        tools.metrics().counter(CenterMetric.SCHEDULES_WORKED, "outcome", outcome).increment();
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            if (done.completeExceptionally(bug)) {
                count("left");
            }
        }
    }

    private Duration ttl() {
        if (what.ttl().isEmpty()) {
            return DEFAULT_TTL;
        }
        Duration ttl = Units.duration(what.ttl());
        return ttl == null ? DEFAULT_TTL : ttl;
    }
}
