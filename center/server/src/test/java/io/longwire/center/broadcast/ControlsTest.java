package io.longwire.center.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Quotas;
import io.longwire.center.fakes.FakeBroadcastRooms;
import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.list.Lists;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Percent;
import io.longwire.rpc.center.BroadcastCanary;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastPace;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.Pace;
import io.longwire.rpc.saver.Schedule;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class ControlsTest {
    private static final int APP = 3;

    private final VirtualClock clock = new VirtualClock();
    private final FakeBroadcastStore store = new FakeBroadcastStore(clock);
    private final FakeBroadcastRooms rooms = new FakeBroadcastRooms();
    private final FakeListStore lists = new FakeListStore();
    private final MessageIds ids = new MessageIds(clock, FakeCluster.of("center"));
    private final Broadcasts broadcasts = new Broadcasts(store, ids, new Quotas(() -> 1, clock),
            new Estimates(store, rooms), new Looks(MadeWalks.unpaced(clock, new FakeMetrics()), clock),
            new Broadcasts.Parts(this::later,
                    new Lists(lists, new EndpointNames(new EndpointId(new byte[32])), clock), () -> {
                    }, clock));
    private final Controls controls = new Controls(store,
            new Telling(rooms, MadeWalks.none(clock, new FakeMetrics()),
                    MadeWalks.unpaced(clock, new FakeMetrics())),
            broadcasts, ids);

    private CompletableFuture<Schedule> later(AppRecord app, CreateBroadcastRequest request, long fireMillis) {
        return CompletableFuture.completedFuture(
                Schedule.newBuilder().setScheduleId(4_711).setAppId(app.getAppId()).setNextFireMs(fireMillis).build());
    }

    private static AppRecord app(long size) {
        return AppRecord.newBuilder().setAppId(APP).setSendsPerSecond(10).setBroadcastSize(size).build();
    }

    private static CreateBroadcastRequest.Builder hello() {
        return CreateBroadcastRequest.newBuilder().setPayload(ByteString.copyFromUtf8("hello"));
    }

    private BroadcastInfo create(CreateBroadcastRequest.Builder request) {
        return broadcasts.create(app(0), request.build(), used -> {
        }).join();
    }

    private static Refused refused(Supplier<CompletableFuture<?>> call) {
        Throwable thrown = catchThrowable(() -> call.get().join());
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOf(Refused.class);
        return (Refused) cause;
    }

    @Test
    void encodesThePushOnceForAllEndpointsOfTheApp() throws Exception {
        BroadcastInfo made = create(hello().setTtl("1h").setCollapseKey("k"));

        Broadcast kept = store.newest();
        Push push = Push.parseFrom(kept.getEnvelope());
        assertThat(made.getState()).isEqualTo("running");
        assertThat(made.getStage()).isEqualTo("all");
        assertThat(kept.getExpireAtMs()).isEqualTo(clock.wallMillis() + 3_600_000);
        assertThat(push.getMessageId()).isEqualTo(kept.getBroadcastId());
        assertThat(push.getEndpointId()).isZero();
        assertThat(push.getAppId()).isEqualTo(APP);
        assertThat(push.getPayload().toStringUtf8()).isEqualTo("hello");
        assertThat(push.getCollapseKey().toStringUtf8()).isEqualTo("k");
        assertThat(push.getExpireAtMs()).isEqualTo(kept.getExpireAtMs());
    }

    @Test
    void theSameKeyAndBodyGiveTheSameBroadcastAndAnotherBodyIsRefused() {
        BroadcastInfo first = create(hello().setIdempotencyKey("once"));
        BroadcastInfo second = create(hello().setIdempotencyKey("once"));

        assertThat(second.getBroadcastId()).isEqualTo(first.getBroadcastId());
        assertThat(second.getDuplicate()).isTrue();
        assertThat(refused(() -> broadcasts.create(app(0), hello().setLabel("other").setIdempotencyKey("once").build(),
                used -> {
                })).why()).isEqualTo(Why.IDEMPOTENCY_CONFLICT);
    }

    @Test
    void holdsWhatIsLargerThanTheAppMaySendUntilItIsApproved() {
        store.estimate(EstimateReply.newBuilder().setSlots(16).setMatching(10).build());
        BroadcastInfo held = broadcasts.create(app(2_000), hello().build(), used -> {
        }).join();
        assertThat(held.getState()).isEqualTo("held");
        assertThat(held.getReason())
                .isEqualTo("about 2560 endpoints (expected: at most 2000 without an approval)");
        assertThat(refused(() -> controls.resume(APP, held.getBroadcastId(), "")).why()).isEqualTo(Why.WRONG_STATE);

        BroadcastInfo going = controls.approve(held.getBroadcastId(), "admin", "").join();

        assertThat(going.getState()).isEqualTo("running");
        assertThat(broadcasts.create(app(3_000), hello().build(), used -> {
        }).join().getState()).isEqualTo("running");
    }

    @Test
    void tellsEveryRoomAtOnce() {
        rooms.room(1, 10);
        rooms.room(2, 30);
        String id = create(hello()).getBroadcastId();

        assertThat(controls.pause(APP, id, "later").join().getState()).isEqualTo("paused");
        assertThat(controls.pace(APP, id, Pace.newBuilder().setRatePerSecond(400).build()).join().getPace()
                .getRatePerSecond()).isEqualTo(400);

        assertThat(rooms.told()).extracting(FakeBroadcastRooms.Order::room).containsExactly(1, 2, 1, 2);
        assertThat(rooms.told().get(1).order().getBroadcast().getState()).isEqualTo(State.PAUSED);
        assertThat(rooms.told()).extracting(order -> order.order().getRatePerSecond()).containsExactly(0, 0, 100, 300);
    }

    @Test
    void isChangedAlthoughARoomDoesNotAnswer() {
        rooms.room(1, 10);
        rooms.silent(1);
        String id = create(hello()).getBroadcastId();

        assertThat(controls.cancel(APP, id, "").join().getState()).isEqualTo("cancelled");
    }

    @Test
    void refusesASecondStartAndAChangeOfWhatIsOver() {
        String id = create(hello()).getBroadcastId();

        Refused second = refused(() -> controls.resume(APP, id, ""));
        assertThat(second.why()).isEqualTo(Why.WRONG_STATE);
        assertThat(second.detail()).isEqualTo("state: running (expected: paused)");
        assertThat(refused(() -> controls.advance(APP, id, "")).detail())
                .isEqualTo("stage: all (expected: canary)");
        controls.cancel(APP, id, "").join();
        assertThat(controls.cancel(APP, id, "").join().getState()).isEqualTo("cancelled");
        assertThat(refused(() -> controls.pause(APP, id, "")).detail())
                .isEqualTo("state: cancelled (expected: running, paused)");
        assertThat(refused(() -> controls.pace(APP, id, Pace.getDefaultInstance())).why())
                .isEqualTo(Why.WRONG_STATE);
    }

    @Test
    void aResumeOverrulesAConditionThatStoppedTheCanaryAndNoOther() {
        String id = create(hello().setCanary(BroadcastCanary.newBuilder().setPercent(10).setMaxFailedPercent(5)))
                .getBroadcastId();
        controls.pause(APP, id, "lunch").join();
        assertThat(controls.resume(APP, id, "").join().getState()).isEqualTo("running");
        assertThat(store.newest().getCanary().getOverruled()).isFalse();

        controls.pause(APP, id, Stages.STOPPED + "failed 2 of 20").join();
        controls.resume(APP, id, "").join();

        assertThat(store.newest().getCanary().getOverruled()).isTrue();
    }

    @Test
    void anotherAppDoesNotSeeIt() {
        String id = create(hello()).getBroadcastId();

        assertThat(refused(() -> broadcasts.get(4, id)).why()).isEqualTo(Why.UNKNOWN_BROADCAST);
        assertThat(refused(() -> controls.cancel(4, id, "")).why()).isEqualTo(Why.UNKNOWN_BROADCAST);
        assertThat(broadcasts.get(0, id).join().getBroadcastId()).isEqualTo(id);
    }

    @Test
    void revokesOnceWithABroadcastToWhoeverMayHaveIt() throws Exception {
        var tenth = Audience.newBuilder().setPercent(Percent.newBuilder().setBelow(10)).build();
        var audience = Audience.newBuilder().addAll(Audience.newBuilder().setTag("vip")).addAll(tenth).build();
        String id = create(hello().setAudience(audience)).getBroadcastId();
        long original = store.newest().getBroadcastId();
        clock.advance(Duration.ofSeconds(1));

        BroadcastInfo revoke = controls.revoke(APP, id, "").join();
        clock.advance(Duration.ofSeconds(1));
        BroadcastInfo again = controls.revoke(APP, id, "").join();

        Push push = Push.parseFrom(store.newest().getEnvelope());
        assertThat(store.broadcast(original).getState()).isEqualTo(State.CANCELLED);
        assertThat(revoke.getRevokes()).isEqualTo(id);
        assertThat(revoke.getAudience()).isEqualTo(Audience.newBuilder().addAll(tenth).build());
        assertThat(again.getBroadcastId()).isEqualTo(revoke.getBroadcastId());
        assertThat(push.getKind()).isEqualTo(PushKind.KIND_REVOKE);
        assertThat(push.getReplaces()).isEqualTo(original);
        assertThat(refused(() -> controls.revoke(APP, revoke.getBroadcastId(), "")).why())
                .isEqualTo(Why.WRONG_STATE);
    }

    @Test
    void aDryRunCountsWhoIsOnlineAndEstimatesTheOthers() {
        rooms.room(1, 10);
        rooms.room(2, 30);
        rooms.count(1, CountReply.newBuilder().setSessions(10).setMatching(4).build());
        rooms.count(2, CountReply.newBuilder().setSessions(30).setMatching(6).build());
        store.estimate(EstimateReply.newBuilder().setSlots(4).setMatching(8).addMatchingBySlot(1).addMatchingBySlot(3)
                .addMatchingBySlot(2).addMatchingBySlot(2).build());

        var estimate = create(hello().setDryRun(true).setPace(BroadcastPace.newBuilder().setRatePerSecond(5)))
                .getEstimate();

        assertThat(estimate.getOnline()).isEqualTo(10);
        assertThat(estimate.getOnlineTotal()).isEqualTo(40);
        assertThat(estimate.getEndpoints()).isEqualTo(8_192);
        // standard error of the mean of 1, 3, 2, 2: sqrt(2/3 / 4) = 0.408; times 1.96 and 4096: 3,278
        assertThat(estimate.getEndpointsLow()).isBetween(4_914L, 4_917L);
        assertThat(estimate.getEndpointsHigh()).isBetween(11_467L, 11_470L);
        assertThat(estimate.getWalkMs()).isEqualTo(2_000);
        assertThat(catchThrowable(store::newest)).isNotNull(); // nothing was kept
    }

    @Test
    void waitsForItsTime() {
        BroadcastInfo waits = create(hello().setNotBefore("10m").setLabel("later"));

        assertThat(waits.getState()).isEqualTo("scheduled");
        assertThat(waits.getScheduleId()).isNotEmpty();
        assertThat(waits.getFiresMs()).isEqualTo(clock.wallMillis() + 600_000);
        assertThat(catchThrowable(store::newest)).isNotNull(); // nothing was made yet
        assertThat(refused(() -> broadcasts.create(app(0), hello().setNotBefore("2020-01-01T00:00:00Z").build(),
                used -> {
                })).detail()).startsWith("not_before: 2020");
    }

    @Test
    void aRoomThatDoesNotCountMakesTheDryRunUnavailable() {
        rooms.room(1, 10);

        assertThat(refused(() -> broadcasts.create(app(0), hello().setDryRun(true).build(), used -> {
        })).why()).isEqualTo(Why.UNAVAILABLE);
    }

    @Test
    void takesOneOfTheAppsSends() {
        for (int i = 0; i < 10; i++) {
            create(hello());
        }

        assertThat(refused(() -> broadcasts.create(app(0), hello().build(), used -> {
        })).why()).isEqualTo(Why.QUOTA_EXCEEDED);
    }

    @Test
    void namesWhatBreaksARule() {
        invalid(hello().setTtl("1s"), "ttl: 1s (expected: 60s to 604800s");
        invalid(hello().setPace(BroadcastPace.newBuilder().setRatePerSecond(1).setDuration("1m")),
                "pace: rate_per_second and duration (expected: one of them)");
        invalid(hello().setPace(BroadcastPace.newBuilder().setDuration("25h")), "pace.duration: 25h (expected: 1s");
        invalid(hello().setCanary(BroadcastCanary.newBuilder().setPercent(100)),
                "canary.percent: 100.0 (expected: 0.01 to 99.99)");
        invalid(hello().setCanary(BroadcastCanary.newBuilder().setPercent(1).setWait(true).setHold("1m")),
                "canary.hold: 1m (expected: none with wait)");
        invalid(hello().setAudience(Audience.newBuilder().setTag("a").setTopic("b")),
                "audience: [tag, topic] (expected: one of them");
        invalid(hello().setLabel("x".repeat(121)), "label: ");
        invalid(hello().setIdempotencyKey("x".repeat(129)), "idempotency_key: 129 characters");
        assertThat(refused(() -> broadcasts.create(app(0), hello().setPayload(ByteString.copyFrom(new byte[4_097]))
                .build(), used -> {
                })).why()).isEqualTo(Why.TOO_LARGE);
        assertThat(refused(() -> broadcasts.get(APP, "nonsense")).detail()).startsWith("broadcast_id: nonsense");
    }

    private void invalid(CreateBroadcastRequest.Builder request, String text) {
        assertThat(refused(() -> broadcasts.create(app(0), request.build(), used -> {
        })).detail()).startsWith(text);
    }

    @Test
    void looksAgainAtWhatSomebodyElseHasChangedInBetween() {
        String id = create(hello()).getBroadcastId();
        var nine = Pace.newBuilder().setRatePerSecond(9).build();
        store.beforeChange(() -> store.change(BroadcastChange.newBuilder()
                .setBroadcastId(store.newest().getBroadcastId()).setReason("mine").build()).join());

        assertThat(controls.pace(APP, id, nine).join().getPace().getRatePerSecond()).isEqualTo(9);
        store.beforeChange(() -> store.change(BroadcastChange.newBuilder()
                .setBroadcastId(store.newest().getBroadcastId()).setState(State.CANCELLED).build()).join());
        assertThat(refused(() -> controls.pause(APP, id, "")).detail()).startsWith("state: cancelled (expected: ");
    }

    @Test
    void changesOnTopOfWhatAnotherCenterChangedMeanwhile() {
        String id = create(hello()).getBroadcastId();
        store.change(BroadcastChange.newBuilder().setBroadcastId(store.newest().getBroadcastId())
                .setPace(Pace.newBuilder().setRatePerSecond(9)).build()).join();

        BroadcastInfo paused = controls.pause(APP, id, "").join();

        assertThat(paused.getPace().getRatePerSecond()).isEqualTo(9);
        assertThat(paused.getState()).isEqualTo("paused");
    }

    private String list(int endpoints) {
        return MessageId.text(lists.sealed(APP, LongStream.rangeClosed(1, endpoints)));
    }

    @Test
    void makesABroadcastToAListThatIsSealed() throws Exception {
        BroadcastInfo made = create(hello().setList(list(40)).setTtl("1h"));

        Broadcast kept = store.newest();
        assertThat(made.getList()).isEqualTo(MessageId.text(kept.getListId()));
        assertThat(made.hasAudience()).isFalse();
        assertThat(kept.hasAudience()).isFalse();
        assertThat(kept.getEstimated()).isEqualTo(40);
        assertThat(Push.parseFrom(kept.getEnvelope()).getPayload().toStringUtf8()).isEqualTo("hello");
        long open = lists.create(AudienceList.newBuilder().setAppId(APP).build()).join().getListId();
        assertThat(refused(() -> broadcasts.create(app(0), hello().setList(MessageId.text(open)).build(), used -> {
        })).detail()).startsWith("list: " + MessageId.text(open) + " is open");
        assertThat(refused(() -> broadcasts.create(app(0), hello().setList(MessageId.text(4_711)).build(), used -> {
        })).why()).isEqualTo(Why.UNKNOWN_LIST);
    }

    @Test
    void aListGoesWithoutAudienceAndCanary() {
        String list = list(1);

        assertThat(refused(() -> broadcasts.create(app(0), hello().setList(list)
                .setAudience(Audience.newBuilder().setTag("x")).build(), used -> {
                })).detail()).startsWith("audience: with list");
        assertThat(refused(() -> broadcasts.create(app(0), hello().setList(list)
                .setCanary(BroadcastCanary.newBuilder().setPercent(5)).build(), used -> {
                })).detail()).startsWith("canary: with list");
        assertThat(refused(() -> broadcasts.create(app(0), hello().setList("x").build(), used -> {
        })).detail()).startsWith("list: x");
    }

    @Test
    void holdsAListThatIsLargerThanTheAppMaySendAndCountsItInADryRun() {
        String list = list(40);
        var dry = broadcasts.create(app(30), hello().setList(list).setDryRun(true).build(), used -> {
        }).join();
        assertThat(dry.getState()).isEqualTo("dry_run");
        assertThat(dry.getEstimate().getEndpoints()).isEqualTo(40);
        assertThat(dry.getEstimate().getNeedsApproval()).isTrue();
        assertThat(dry.getEstimate().getWalkMs()).isEqualTo(4_000);

        var held = broadcasts.create(app(30), hello().setList(list).build(), used -> {
        }).join();

        assertThat(held.getState()).isEqualTo("held");
        assertThat(held.getReason()).isEqualTo("40 endpoints (expected: at most 30 without an approval)");
    }

    @Test
    void revokesABroadcastToAListByItsList() {
        BroadcastInfo made = create(hello().setList(list(3)));

        BroadcastInfo revocation = controls.revoke(APP, made.getBroadcastId(), "wrong").join();

        assertThat(revocation.getRevokes()).isEqualTo(made.getBroadcastId());
        assertThat(revocation.getList()).isEqualTo(made.getList());
        assertThat(store.newest().hasAudience()).isFalse();
    }
}
