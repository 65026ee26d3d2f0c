package io.longwire.center.schedule;

import com.google.protobuf.ByteString;
import io.longwire.center.api.Problems;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.CreateScheduleRequest;
import io.longwire.rpc.center.ListSchedulesRequest;
import io.longwire.rpc.center.ScheduleInfo;
import io.longwire.rpc.center.ScheduleName;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class SchedulesTest {
    private static final AppRecord APP = AppRecord.newBuilder().setAppId(3).build();

    private final VirtualClock clock = new VirtualClock();
    private final FakeArchive archive = new FakeArchive(clock);
    private final List<SendRequest> checked = new ArrayList<>();
    private final List<CreateBroadcastRequest> checkedBroadcasts = new ArrayList<>();
    private final Schedules schedules = new Schedules(archive, new MessageIds(clock, FakeCluster.of("center")),
            new Schedules.Checks(this::check, this::checkBroadcast), clock);

    @Test
    void keepsWhatItIsToSendAndSaysWhen() {
        ScheduleInfo made = schedules.create(APP, cron("0 9 * * *").setLabel("daily").build()).join();

        assertThat(made.getState()).isEqualTo("active");
        assertThat(made.getNextFire()).isEqualTo("2026-06-01T09:00:00Z");
        assertThat(made.getLabel()).isEqualTo("daily");
        assertThat(made.getMessage().getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(checked).singleElement().matches(SendRequest::getDryRun);
        assertThat(schedules.get(3, name(made)).join()).isEqualTo(made);
    }

    @Test
    void keepsASendOfLaterOnce() {
        var request = message().setNotBefore("10m").setIdempotencyKey("k").build();
        long at = clock.wallMillis() + 600_000;

        var first = schedules.once(APP, request, at).join();
        clock.advance(Duration.ofSeconds(5));
        var again = schedules.once(APP, request, at + 5_000).join();

        assertThat(again.getScheduleId()).isEqualTo(first.getScheduleId());
        assertThat(again.getNextFireMs()).isEqualTo(at);
        var info = schedules.list(3, ListSchedulesRequest.getDefaultInstance()).join().getSchedules(0);
        assertThat(info.getMessage()).isEqualTo(message().build());
        assertThat(why(catchThrowable(() -> schedules.once(APP, request.toBuilder().setTtl("1h").build(), at).join())))
                .isEqualTo(Why.IDEMPOTENCY_CONFLICT);
    }

    @Test
    void keepsApartTheKeysOfAppsAndTheirSchedules() {
        var request = cron("0 9 * * *").setIdempotencyKey("k").build();
        var made = schedules.create(APP, request).join();

        assertThat(schedules.create(APP, request).join()).isEqualTo(made);
        var other = schedules.create(AppRecord.newBuilder().setAppId(4).build(), request).join();
        assertThat(other.getScheduleId()).isNotEqualTo(made.getScheduleId());
        assertThat(why(catchThrowable(() -> schedules.get(4, name(made)).join()))).isEqualTo(Why.UNKNOWN_SCHEDULE);
        assertThat(why(catchThrowable(() -> schedules.delete(4, name(made)).join()))).isEqualTo(Why.UNKNOWN_SCHEDULE);
        assertThat(schedules.get(3, name(made)).join().getState()).isEqualTo("active");
    }

    @Test
    void goesOnWithTheNextTimeWhenItIsResumed() {
        var made = schedules.create(APP, cron("0 * * * *").build()).join();
        assertThat(schedules.pause(3, name(made)).join().getState()).isEqualTo("paused");
        clock.advance(Duration.ofMinutes(200));

        var resumed = schedules.resume(3, name(made)).join();

        assertThat(resumed.getState()).isEqualTo("active");
        assertThat(resumed.getNextFire()).isEqualTo("2026-06-01T04:00:00Z");
        assertThat(resumed.getFired()).isZero();
    }

    @Test
    void endsACronAtItsEnd() {
        var made = schedules.create(APP, cron("0 * * * *").setUntil("2026-06-01T02:00:00Z").build()).join();
        var kept = archive.schedules(io.longwire.rpc.saver.ListSchedulesRequest.newBuilder().setAppId(3).setLimit(1)
                .build()).join().getSchedules(0);

        assertThat(made.getNextFire()).isEqualTo("2026-06-01T01:00:00Z");
        assertThat(NewSchedule.next(kept, made.getNextFireMs())).isZero();
    }

    @Test
    void listsInPages() {
        for (int i = 0; i < 5; i++) {
            schedules.create(APP, cron("0 9 * * *").build()).join();
        }

        var first = schedules.list(3, ListSchedulesRequest.newBuilder().setLimit(3).build()).join();
        var second = schedules.list(3, ListSchedulesRequest.newBuilder().setLimit(3).setCursor(first.getCursor())
                .build()).join();

        assertThat(first.getSchedulesCount()).isEqualTo(3);
        assertThat(second.getSchedulesCount()).isEqualTo(2);
        assertThat(second.getCursor()).isEmpty();
        assertThat(schedules.list(4, ListSchedulesRequest.getDefaultInstance()).join().getSchedulesList()).isEmpty();
    }

    @Test
    void tellsWhichRuleIsBroken() {
        refused("message: missing (expected: what POST /v1/messages takes, or a broadcast)",
                CreateScheduleRequest.newBuilder().setCron("0 9 * * *"));
        refused("cron: missing (expected: either cron or at)",
                CreateScheduleRequest.newBuilder().setMessage(message()));
        refused("cron: with at (expected: either cron or at)", cron("0 9 * * *").setAt("2026-06-02T00:00:00Z"));
        refused("cron hour: 25 (expected: 0 to 23, with * , - and /)", cron("0 25 * * *"));
        refused("cron: 0 0 31 2 * (expected: a time that comes)", cron("0 0 31 2 *"));
        refused("at: 2020-01-01T00:00:00Z (expected: a time to come, within 366 days)", at("2020-01-01T00:00:00Z"));
        refused("at: tomorrow (expected: a time such as 2027-01-31T09:30:00Z)", at("tomorrow"));
        refused("zone: UTC (expected: none here)", at("2026-06-02T00:00:00Z").setZone("UTC"));
        refused("message.not_before: 1m (expected: none here)",
                CreateScheduleRequest.newBuilder().setMessage(message().setNotBefore("1m")).setCron("0 9 * * *"));
        assertThatThrownBy(() -> schedules.get(3, ScheduleName.newBuilder().setScheduleId("x").build()))
                .hasMessage("schedule_id: x (expected: 13 characters of Crockford base 32)");
        assertThatThrownBy(() -> schedules.list(3, ListSchedulesRequest.newBuilder().setLimit(501).build()))
                .hasMessage("limit: 501 (expected: 1 to 500)");
    }

    @Test
    void aRepeatedCallGivesTheSameScheduleAlthoughItsTimeHasPassed() {
        var once = CreateScheduleRequest.newBuilder().setMessage(message())
                .setAt(Instant.ofEpochMilli(clock.wallMillis() + 2_000).toString()).setIdempotencyKey("k").build();
        ScheduleInfo made = schedules.create(APP, once).join();
        clock.advance(Duration.ofSeconds(10));

        assertThat(schedules.create(APP, once).join().getScheduleId()).isEqualTo(made.getScheduleId());
        assertThatThrownBy(() -> schedules.create(APP, once.toBuilder().clearIdempotencyKey().build()))
                .hasMessageContaining("(expected: a time to come");
    }

    @Test
    void keepsABroadcastToo() {
        var hello = CreateBroadcastRequest.newBuilder().setLabel("all").build();
        ScheduleInfo made = schedules
                .create(APP, CreateScheduleRequest.newBuilder().setBroadcast(hello).setCron("0 9 * * *").build())
                .join();
        long fires = clock.wallMillis() + 60_000;
        var once = schedules.once(APP, hello.toBuilder().setNotBefore("1m").setIdempotencyKey("k").build(), fires)
                .join();

        assertThat(checkedBroadcasts).containsExactly(hello);
        assertThat(made.hasMessage()).isFalse();
        assertThat(made.getBroadcast()).isEqualTo(hello);
        assertThat(schedules.get(3, ScheduleName.newBuilder().setScheduleId(ScheduleText.text(once.getScheduleId()))
                .build()).join().getBroadcast()).isEqualTo(hello);
        assertThatThrownBy(() -> schedules.create(APP, CreateScheduleRequest.newBuilder().setBroadcast(hello)
                .setMessage(SendRequest.getDefaultInstance()).setCron("0 9 * * *").build()))
                .hasMessageStartingWith("message: with broadcast (expected: what POST /v1/messages takes, or");
        assertThatThrownBy(() -> schedules.create(APP, CreateScheduleRequest.newBuilder()
                .setBroadcast(hello.toBuilder().setNotBefore("1m")).setCron("0 9 * * *").build()))
                .hasMessageStartingWith("broadcast.not_before: 1m (expected: none here)");
    }

    @Test
    void keepsNothingThatMayNotBeSent() {
        var refusing = new Schedules(archive, new MessageIds(clock, FakeCluster.of("center")),
                new Schedules.Checks((request, app) -> CompletableFuture
                        .failedFuture(Refused.because(Why.TOO_LARGE, "payload: too large")), (request, app) -> {
                            throw Refused.because(Why.TOO_LARGE, "payload: too large");
                        }),
                clock);

        assertThat(refusing.create(APP, cron("0 9 * * *").build())).isCompletedExceptionally();
        assertThat(schedules.list(3, ListSchedulesRequest.getDefaultInstance()).join().getSchedulesList()).isEmpty();
    }

    @Test
    void tellsOfTheSaversLimit() {
        archive.putsFail = new RpcFailure(RpcFailure.Kind.REFUSED,
                "saver: INVALID_ARGUMENT, schedules: 9 live (expected: fewer than 9)");

        var refused = Problems
                .refused(catchThrowable(() -> schedules.create(APP, cron("0 9 * * *").build()).join()));

        assertThat(refused.why()).isEqualTo(Why.LIMIT_REACHED);
        assertThat(refused.detail()).isEqualTo("schedules: 9 live (expected: fewer than 9)");
        archive.putsFail = new RpcFailure(RpcFailure.Kind.DEADLINE, "saver: late");
        assertThat(why(catchThrowable(() -> schedules.create(APP, cron("0 9 * * *").build()).join())))
                .isEqualTo(Why.UNAVAILABLE);
    }

    private void checkBroadcast(CreateBroadcastRequest request, AppRecord app) {
        checkedBroadcasts.add(request);
    }

    private CompletableFuture<SendReply> check(SendRequest request, AppRecord app) {
        checked.add(request);
        return CompletableFuture.completedFuture(SendReply.newBuilder().setStatus("dry_run").build());
    }

    private void refused(String text, CreateScheduleRequest.Builder request) {
        assertThatThrownBy(() -> schedules.create(APP, request.build())).isInstanceOf(Refused.class).hasMessage(text);
    }

    private static CreateScheduleRequest.Builder cron(String cron) {
        return CreateScheduleRequest.newBuilder().setMessage(message()).setCron(cron);
    }

    private static CreateScheduleRequest.Builder at(String at) {
        return CreateScheduleRequest.newBuilder().setMessage(message()).setAt(at);
    }

    private static SendRequest.Builder message() {
        return SendRequest.newBuilder().setPayload(ByteString.copyFromUtf8("hi"));
    }

    private static ScheduleName name(ScheduleInfo made) {
        return ScheduleName.newBuilder().setScheduleId(made.getScheduleId()).build();
    }

    private static Why why(Throwable failure) {
        return Problems.refused(failure).why();
    }
}
