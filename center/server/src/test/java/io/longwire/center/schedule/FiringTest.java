package io.longwire.center.schedule;

import com.google.protobuf.ByteString;
import io.longwire.center.CenterMetric;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Schedule;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FiringTest {
    private static final long ID = MessageId.of(VirtualClock.START.toEpochMilli(), 5, 1);
    private static final long MINUTE = 60_000;

    private final VirtualClock clock = new VirtualClock();
    private final FakeArchive archive = new FakeArchive(clock);
    private final FakeMetrics metrics = new FakeMetrics();
    private final AtomicBoolean cutOff = new AtomicBoolean();
    private final long start = clock.wallMillis();
    /** What is sent, as the idempotency of the savers sees it: key to message. */
    private final Map<String, Long> messages = new HashMap<>();
    private final List<SendRequest> sent = new ArrayList<>();
    private final List<CreateBroadcastRequest> broadcasts = new ArrayList<>();
    private final Deque<CompletableFuture<SendReply>> answers = new ArrayDeque<>();

    @Test
    void firesOnceAtItsTimeUnderTheKeyOfThatTime() {
        put(once(start + MINUTE));
        center();
        clock.advance(Duration.ofSeconds(59));
        assertThat(sent).isEmpty();

        clock.advance(Duration.ofMinutes(5));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().getIdempotencyKey())
                .isEqualTo("sched:" + MessageId.text(ID) + ":" + (start + MINUTE));
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.DONE);
        assertThat(archive.schedule(ID).getFired()).isEqualTo(1);
        assertThat(archive.schedule(ID).getLastMessageId()).isEqualTo(messages.values().iterator().next());
        assertThat(metrics.count(CenterMetric.SCHEDULES_WORKED, "sent")).isEqualTo(1);
    }

    @Test
    void firesABroadcastOnceUnderTheKeyOfItsTime() {
        var hello = CreateBroadcastRequest.newBuilder().setLabel("all").build();
        put(once(start + MINUTE).toBuilder().setRequest(new Scheduled.ToAudience(hello).kept()).build());
        center();
        center();

        clock.advance(Duration.ofMinutes(5));

        assertThat(broadcasts).containsExactly(hello.toBuilder()
                .setIdempotencyKey("sched:" + MessageId.text(ID) + ":" + (start + MINUTE)).build());
        assertThat(sent).isEmpty();
        assertThat(archive.schedule(ID).getLastMessageId()).isEqualTo(ID + 1);
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.DONE);
    }

    @Test
    void firesEachTimeOfACronOnceAlthoughSeveralCentersLive() {
        put(cron("*/10 * * * *"));
        center();
        center();
        center();

        clock.advance(Duration.ofMinutes(61));

        assertThat(sent).hasSize(6);
        assertThat(messages).hasSize(6);
        assertThat(archive.schedule(ID).getFired()).isEqualTo(6);
        assertThat(archive.schedule(ID).getNextFireMs()).isEqualTo(start + 70 * MINUTE);
    }

    @Test
    void isSettledByAnotherWhenACenterDiesBetweenSendAndSettle() {
        put(once(start + MINUTE));
        archive.settlesToFail = 1;
        var dying = center();
        clock.advance(Duration.ofSeconds(60));
        assertThat(sent).hasSize(1);
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.ACTIVE);
        archive.settlesToFail = Integer.MAX_VALUE; // it is dead: nothing of it arrives
        dying.close();
        clock.advance(Duration.ofSeconds(25));
        archive.settlesToFail = 0;
        center();

        clock.advance(Duration.ofSeconds(10));

        assertThat(sent).hasSize(2);
        assertThat(messages).hasSize(1);
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.DONE);
        assertThat(archive.schedule(ID).getFired()).isEqualTo(1);
        assertThat(metrics.count(CenterMetric.SCHEDULES_WORKED, "duplicate")).isEqualTo(1);
    }

    @Test
    void settlesAgainWithinItsLease() {
        put(once(start + MINUTE));
        archive.settlesToFail = 3;
        center();

        clock.advance(Duration.ofSeconds(66));

        assertThat(sent).hasSize(1);
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.DONE);
    }

    @Test
    void firesOnceLateAfterADowntimeAndGoesOnWithTheNextTimeToCome() {
        put(cron("*/10 * * * *"));
        clock.advance(Duration.ofMinutes(45));

        center();
        clock.advance(Duration.ofSeconds(2));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().getIdempotencyKey()).endsWith(":" + (start + 10 * MINUTE));
        assertThat(archive.schedule(ID).getNextFireMs()).isEqualTo(start + 50 * MINUTE);
    }

    @Test
    void missesATimeThatIsLaterThanItsMessageWouldHaveLived() {
        put(once(start + MINUTE).toBuilder().setRequest(request().toBuilder().setTtl("10m").build().toByteString())
                .build());
        clock.advance(Duration.ofMinutes(12));

        center();
        clock.advance(Duration.ofSeconds(2));

        assertThat(sent).isEmpty();
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.DONE);
        assertThat(archive.schedule(ID).getFired()).isZero();
        assertThat(archive.schedule(ID).getLastProblem()).startsWith("missed: 661 s late (expected: at most 600 s)");
        assertThat(metrics.count(CenterMetric.SCHEDULES_WORKED, "missed")).isEqualTo(1);
    }

    @Test
    void neverTriesLaterThanItsIdempotencyKeyIsKept() {
        put(once(start + MINUTE).toBuilder().setRequest(request().toBuilder().setTtl("7d").build().toByteString())
                .build());
        clock.advance(Duration.ofHours(23).plusMinutes(2));

        center();
        clock.advance(Duration.ofSeconds(2));

        assertThat(sent).isEmpty();
        assertThat(archive.schedule(ID).getLastProblem()).startsWith("missed");
    }

    @Test
    void waitsForTheQuotaWithinItsLeaseThenLeavesItToTheNext() {
        put(once(start + MINUTE));
        var center = center();
        for (int i = 0; i < 3; i++) {
            answers.add(CompletableFuture.failedFuture(
                    Refused.later(Why.QUOTA_EXCEEDED, "sends: too many (expected: fewer)", Duration.ofMillis(500))));
        }
        clock.advance(Duration.ofSeconds(62));
        assertThat(sent).hasSize(4);
        assertThat(archive.schedule(ID).getFired()).isEqualTo(1);

        put(once(start + 2 * MINUTE));
        for (int i = 0; i < 1000; i++) {
            answers.add(CompletableFuture.failedFuture(
                    Refused.later(Why.QUOTA_EXCEEDED, "sends: too many (expected: fewer)", Duration.ofSeconds(1))));
        }
        clock.advance(Duration.ofSeconds(80));
        assertThat(metrics.count(CenterMetric.SCHEDULES_WORKED, "left")).isEqualTo(1);
        center.close();
    }

    @Test
    void settlesWithTheReasonWhatCannotBeSent() {
        put(cron("*/10 * * * *"));
        center();
        answers.add(CompletableFuture.failedFuture(
                Refused.because(Why.UNKNOWN_ENDPOINT, "to.endpoint: x (expected: an endpoint of this app)")));

        clock.advance(Duration.ofMinutes(10));

        assertThat(archive.schedule(ID).getLastProblem())
                .isEqualTo("unknown_endpoint: to.endpoint: x (expected: an endpoint of this app)");
        assertThat(archive.schedule(ID).getFired()).isZero();
        assertThat(archive.schedule(ID).getNextFireMs()).isEqualTo(start + 20 * MINUTE);
    }

    @Test
    void sendsATransientMessageOnceOrNotAtAll() {
        put(once(start + MINUTE).toBuilder()
                .setRequest(request().toBuilder().setClass_(MessageClass.TRANSIENT).build().toByteString()).build());
        archive.settlesToFail = 1;
        center();

        clock.advance(Duration.ofSeconds(62));
        assertThat(sent).isEmpty();
        clock.advance(Duration.ofSeconds(40));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().getIdempotencyKey()).isEmpty();
        assertThat(archive.schedule(ID).getState()).isEqualTo(Schedule.State.DONE);
        clock.advance(Duration.ofMinutes(5));
        assertThat(sent).hasSize(1);
    }

    @Test
    void leasesNothingWhileItMintsNoIds() {
        put(once(start + MINUTE));
        cutOff.set(true);
        center();

        clock.advance(Duration.ofMinutes(2));
        assertThat(sent).isEmpty();

        cutOff.set(false);
        clock.advance(Duration.ofSeconds(1));
        assertThat(sent).hasSize(1);
    }

    @Test
    void leavesAPausedScheduleAlone() {
        put(once(start + MINUTE).toBuilder().setState(Schedule.State.PAUSED).build());
        center();

        clock.advance(Duration.ofMinutes(2));

        assertThat(sent).isEmpty();
    }

    @Test
    void worksMoreThanOnePageAtOnceAndNoMoreThanItsBound() {
        for (int i = 0; i < 1_500; i++) {
            archive.putSchedule(once(start + MINUTE).toBuilder().setScheduleId(ID + i).setAppId(3 + i % 3).build());
        }
        for (int i = 0; i < 1_500; i++) {
            answers.add(new CompletableFuture<>());
        }
        center();

        clock.advance(Duration.ofSeconds(60));

        assertThat(sent.size()).isBetween(700, 1_000);
        assertThat(metrics.gauge(CenterMetric.SCHEDULES_FIRING)).isEqualTo(sent.size());
        assertThat(metrics.count(CenterMetric.SCHEDULES_FULL)).isPositive();
    }

    @Test
    void goesOnWhenTheStoreDoesNotAnswer() {
        put(once(start + MINUTE));
        center();
        answers.add(CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.DEADLINE, "late")));

        clock.advance(Duration.ofSeconds(62));

        assertThat(archive.schedule(ID).getFired()).isEqualTo(1);
        assertThat(messages).hasSize(1);
    }

    @Test
    void leavesWhatABugOfOursStopsToTheNextLease() {
        put(once(start + MINUTE));
        center();
        answers.add(CompletableFuture.failedFuture(new IllegalStateException("a bug")));

        clock.advance(Duration.ofSeconds(60));
        assertThat(metrics.count(CenterMetric.SCHEDULES_WORKED, "left")).isEqualTo(1);
        assertThat(metrics.gauge(CenterMetric.SCHEDULES_FIRING)).isZero();
        clock.advance(Duration.ofSeconds(31));

        assertThat(archive.schedule(ID).getFired()).isEqualTo(1);
    }

    @Test
    void sendsAgainUnderItsKeyWhileATargetCouldNotBeStored() {
        put(once(start + MINUTE));
        answers.add(partial("unavailable"));
        center();

        clock.advance(Duration.ofSeconds(70));

        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).getIdempotencyKey()).isEqualTo(sent.getFirst().getIdempotencyKey());
        assertThat(archive.schedule(ID).getLastProblem()).isEmpty();
    }

    @Test
    void tellsHowManyTargetsRefusedWhatItFired() {
        put(once(start + MINUTE));
        answers.add(partial("over_quota"));
        center();

        clock.advance(Duration.ofSeconds(70));

        assertThat(sent).hasSize(1);
        assertThat(archive.schedule(ID).getLastProblem()).isEqualTo("refused: 1 of 2 targets took it");
    }

    private static CompletableFuture<SendReply> partial(String status) {
        return CompletableFuture.completedFuture(SendReply.newBuilder().setMessageId(MessageId.text(ID)).setAccepted(1)
                .addResults(TargetResult.newBuilder().setStatus("accepted"))
                .addResults(TargetResult.newBuilder().setStatus(status)).build());
    }

    private Firing center() {
        return new Firing(archive, new Firing.Sends(
                app -> CompletableFuture.completedFuture(AppRecord.newBuilder().setAppId(app).build()), this::send,
                this::broadcast),
                cutOff::get, new Firing.Tools(clock, HaltPoints.none(), metrics)).start();
    }

    private CompletableFuture<SendReply> broadcast(CreateBroadcastRequest request, AppRecord app) {
        broadcasts.add(request);
        return CompletableFuture.completedFuture(SendReply.newBuilder().setMessageId(MessageId.text(ID + 1)).build());
    }

    private CompletableFuture<SendReply> send(SendRequest request, AppRecord app) {
        sent.add(request);
        var answer = answers.poll();
        if (answer != null) {
            return answer;
        }
        boolean known = messages.containsKey(request.getIdempotencyKey());
        long id = messages.computeIfAbsent(request.getIdempotencyKey(),
                key -> MessageId.of(clock.wallMillis(), 6, messages.size()));
        return CompletableFuture.completedFuture(SendReply.newBuilder().setMessageId(MessageId.text(id))
                .setStatus("accepted").setDuplicate(known).build());
    }

    private void put(Schedule schedule) {
        archive.putSchedule(schedule);
    }

    private static Schedule once(long fireMillis) {
        return Schedule.newBuilder().setScheduleId(ID).setAppId(3).setState(Schedule.State.ACTIVE)
                .setNextFireMs(fireMillis).setRequest(request().toByteString()).build();
    }

    private Schedule cron(String cron) {
        return once(Cron.parse(cron, "").after(start)).toBuilder().setCron(cron).build();
    }

    private static SendRequest request() {
        return SendRequest.newBuilder().setPayload(ByteString.copyFromUtf8("hi")).build();
    }
}
