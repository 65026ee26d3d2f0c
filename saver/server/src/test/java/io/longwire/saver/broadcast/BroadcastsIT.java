package io.longwire.saver.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Percent;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.rpc.saver.Pace;
import io.longwire.saver.RunningSaver;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static io.longwire.saver.broadcast.BroadcastBench.changeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class BroadcastsIT {
    private BroadcastBench all;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
    }

    @AfterEach
    void stop() {
        all.close();
    }

    @Test
    void keepsWhatItWasGivenAndPutsItsSequenceIntoThePush() throws Exception {
        var given = all.given().setLabel("news").setAudience(Audience.newBuilder().setTag("vip"))
                .setPace(Pace.newBuilder().setRatePerSecond(500)).setCanary(Canary.newBuilder().setPercent(1))
                .setReason("large").setEstimated(7).setScheduleId(3).setReplaces(9);

        Broadcast first = all.create(given);
        Broadcast second = all.create(all.given());

        assertThat(first.getSeq()).as("1 is the floor of an app without any").isEqualTo(2);
        assertThat(second.getSeq()).isEqualTo(3);
        assertThat(first.getStage()).isZero();
        assertThat(second.getStage()).as("no canary").isEqualTo(1);
        assertThat(first).isEqualTo(given.setSeq(2).setVersion(1).setCreatedMs(all.bench.clock.wallMillis())
                .setStageMs(all.bench.clock.wallMillis()).setEnvelope(first.getEnvelope()).build());
        assertThat(Push.parseFrom(first.getEnvelope())).isEqualTo(Push.newBuilder()
                .setMessageId(first.getBroadcastId()).setAppId(all.bench.app)
                .setPayload(ByteString.copyFromUtf8("all")).setBcastSeq(2).build());
        assertThat(all.look(first)).isEqualTo(first);
        assertThat(get(all.broadcasts.get(BroadcastRequest.newBuilder().setAppId(all.bench.app + 1)
                .setBroadcastId(first.getBroadcastId()).build())).getState()).isEqualTo(State.ABSENT);
        assertThat(list(0, false)).containsExactly(second, first);
        assertThat(list(second.getBroadcastId(), false)).containsExactly(first);
        all.change(second, State.CANCELLED);
        assertThat(list(0, true)).containsExactly(first);
    }

    @Test
    void saysWhatIsWrongWithABroadcast() {
        refused(all.given().setState(State.PAUSED), "state: PAUSED (expected: RUNNING or HELD)");
        refused(all.given().setExpireAtMs(1), "expire_at_ms: 1 (expected: later than now)");
        refused(all.given().clearEnvelope(), "envelope: 0 bytes (expected: 1 to 6000)");
        refused(all.given().setAppId(99), "app_id: 99 (expected: an app that was created)");
        refused(all.given().setCanary(Canary.newBuilder().setPercent(100)),
                "canary.percent: 100.0 (expected: above 0, below 100)");
        refused(all.given().setPace(Pace.newBuilder().setRatePerSecond(1).setDurationS(1)),
                "pace: 1 a second, 1 s (expected: at most one of both, below 2^31)");
        refused(all.given().setAudience(Audience.newBuilder().setPercent(Percent.newBuilder().setBelow(101))),
                "audience.percent.below: 101.0 (expected: 0 to 100)");
        refused(all.given().setAudience(
                Audience.newBuilder().addRegions("FR").setTag("vip")), "(expected: one of them");
    }

    private void refused(Broadcast.Builder given, String why) {
        assertThatThrownBy(() -> all.create(given)).hasCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void givesTheSameOneForTheSameKeyOrIdAndShowsAnotherBody() throws Exception {
        Idempotency key = RunningSaver.key("k", "body");
        Broadcast made = all.create(all.given().setIdempotency(key));

        Broadcast again = all.create(all.given().setIdempotency(key));
        Broadcast other = all.create(all.given().setIdempotency(RunningSaver.key("k", "another body")));
        Broadcast sameId = all.create(all.given().setBroadcastId(made.getBroadcastId()));

        assertThat(again).isEqualTo(made);
        assertThat(other.getIdempotency().getBodyHash()).as("the caller sees whose it is")
                .isEqualTo(key.getBodyHash());
        assertThat(sameId).isEqualTo(made);
        assertThat(all.create(all.given()).getSeq()).as("no sequence is lost to them").isEqualTo(3);
    }

    @Test
    void completesACreateThatDiedBehindItsClaimUnderTheSameId() throws Exception {
        Idempotency key = RunningSaver.key("k", "body");
        Broadcast died = all.given().setIdempotency(key).build();
        get(all.keys.claim(all.bench.app, key, died.getBroadcastId(),
                old -> CompletableFuture.completedFuture(false)));

        Broadcast made = all.create(all.given().setIdempotency(key));

        assertThat(made.getBroadcastId()).isEqualTo(died.getBroadcastId());
        Push push = Push.parseFrom(made.getEnvelope());
        assertThat(push.getMessageId()).isEqualTo(died.getBroadcastId());
        assertThat(push.getBcastSeq()).isEqualTo(2);
    }

    @Test
    void refusesMoreThanAHundredThatAreNotOver() throws Exception {
        var made = new ArrayList<CompletableFuture<Broadcast>>();
        for (int i = 0; i < Broadcasts.LIVE; i++) {
            made.add(all.broadcasts.create(all.given().build()));
        }
        for (var each : made) {
            get(each);
        }

        assertThatThrownBy(() -> all.create(all.given())).hasCauseInstanceOf(StoreFailure.class)
                .hasMessageContaining("broadcasts: 100 (expected: fewer that are not over");
        all.change(get(made.getFirst()), State.CANCELLED);
        assertThat(all.create(all.given()).getSeq()).isEqualTo(102);
    }

    // While four create and cancel at once: what a list shows must hold for ever.
    @Test
    void neverShowsAFloorAtASequenceThatIsStillToCome() throws Exception {
        var creators = new ArrayList<Thread>();
        var failed = new ArrayList<Throwable>();
        for (int i = 0; i < 4; i++) {
            creators.add(Thread.ofVirtual().start(() -> createAndCancel(failed)));
        }
        var seen = new TreeSet<Long>();
        long floor = 0;
        int lists = 0;
        while (creators.stream().anyMatch(Thread::isAlive)) {
            ListActiveReply reply = all.list();
            List<Long> active = reply.getBroadcastsList().stream().map(Broadcast::getSeq).toList();
            assertThat(active).isSorted();
            for (long seq : active) {
                assertThat(seen.contains(seq) || seq > floor).as("%d appeared after the floor %d", seq, floor)
                        .isTrue();
            }
            seen.addAll(active);
            if (reply.getFloorsCount() > 0) {
                AppFloor read = reply.getFloors(0);
                assertThat(read.getFloor()).isBetween(floor, read.getLastSeq());
                floor = read.getFloor();
            }
            lists++;
        }
        assertThat(failed).isEmpty();
        assertThat(lists).as("lists read meanwhile").isGreaterThan(5);
        assertThat(all.bench.count("SELECT COUNT(DISTINCT seq) FROM broadcast WHERE seq BETWEEN 2 AND 161"))
                .isEqualTo(160);
        assertThat(floors()).containsExactly(AppFloor.newBuilder().setAppId(all.bench.app).setFloor(161)
                .setLastSeq(161).build());
    }

    private void createAndCancel(List<Throwable> failed) {
        try {
            for (int i = 0; i < 40; i++) {
                all.change(all.create(all.given()), State.CANCELLED);
            }
        } catch (Exception trouble) { // allowed: shown by the test
            synchronized (failed) {
                failed.add(trouble);
            }
        }
    }

    @Test
    void keepsTheFloorBelowTheOldestThatIsNotOver() throws Exception {
        assertThat(floors()).as("no app had any").isEmpty();
        Broadcast first = all.create(all.given());
        Broadcast held = all.create(all.given().setState(State.HELD));
        Broadcast third = all.create(all.given());

        assertThat(floors()).extracting(AppFloor::getFloor).containsExactly(1L);
        all.change(all.change(first, State.WALKED), State.CANCELLED);
        all.change(third, State.CANCELLED);
        assertThat(floors()).as("a held one holds nothing back").containsExactly(floor(3, 3));
        Broadcast going = all.change(held, State.RUNNING);
        assertThat(going.getSeq()).isEqualTo(4);
        assertThat(floors()).containsExactly(floor(3, 4));
        all.change(going, State.CANCELLED);
        assertThat(floors()).containsExactly(floor(4, 4));
    }

    private AppFloor floor(long floor, long last) {
        return AppFloor.newBuilder().setAppId(all.bench.app).setFloor(floor).setLastSeq(last).build();
    }

    @Test
    void numbersAHeldOneWhenItIsApprovedAndShowsItToNoRoomBefore() throws Exception {
        Broadcast held = all.create(all.given().setState(State.HELD));
        Broadcast other = all.create(all.given().setState(State.HELD));
        assertThat(held.getSeq()).isZero();
        assertThat(all.list().getBroadcastsList()).isEmpty();
        Broadcast later = all.create(all.given());
        assertThat(later.getSeq()).isEqualTo(2);
        all.change(changeOf(held).setPace(Pace.newBuilder().setRatePerSecond(9)).setIfVersion(0));

        Broadcast approved = all.change(changeOf(held).setState(State.RUNNING).setIfVersion(0));

        assertThat(approved.getSeq()).isEqualTo(3);
        assertThat(Push.parseFrom(approved.getEnvelope()).getBcastSeq()).isEqualTo(3);
        assertThat(all.look(held)).isEqualTo(approved);
        assertThat(all.list().getBroadcastsList()).containsExactly(later, approved);
        assertThat(all.change(changeOf(approved).setState(State.RUNNING))).as("once more").isEqualTo(approved);
        Broadcast resumed = all.change(all.change(approved, State.PAUSED), State.RUNNING);
        assertThat(resumed.getSeq()).isEqualTo(3);
        assertThat(all.change(other, State.CANCELLED).getSeq()).as("never sent").isZero();
    }

    @Test
    void keepsThatACanaryWasOverruled() throws Exception {
        Broadcast canary = all.create(all.given().setCanary(Canary.newBuilder().setPercent(10).setMaxFailedPercent(5)));
        Broadcast paused = all.change(canary, State.PAUSED);

        Broadcast goes = all.change(changeOf(paused).setState(State.RUNNING).setOverruled(true));

        assertThat(goes.getCanary()).isEqualTo(canary.getCanary().toBuilder().setOverruled(true).build());
        assertThat(all.look(canary)).isEqualTo(goes);
        assertThat(goes.getSeq()).isEqualTo(canary.getSeq());
        assertThat(all.change(goes, State.PAUSED).getCanary().getOverruled()).isTrue();
    }

    @Test
    void readsAListOnceForManyRoomsAndAgainAfterEveryChange() throws Exception {
        Broadcast first = all.create(all.given());
        assertThat(all.list()).isEqualTo(all.list());
        assertThat(read()).isEqualTo(1);

        Broadcast paused = all.change(first, State.PAUSED);
        assertThat(all.list().getBroadcastsList()).containsExactly(paused);
        Broadcast second = all.create(all.given());
        assertThat(all.list().getBroadcastsList()).containsExactly(paused, second);
        assertThat(read()).isEqualTo(3);
        all.bench.clock.advance(Duration.ofDays(2));
        new BroadcastEnds(all.bench.shard, database -> { // knows nothing of the test's days
        }, all.bench.clock, all.bench.metrics).round();
        assertThat(all.list().getBroadcastsList()).isEmpty();
        for (int i = 0; i < 50; i++) {
            all.list();
        }
        assertThat(read()).isEqualTo(4);
    }

    private long read() {
        return all.bench.metrics.counter(SaverMetric.ACTIVE_LISTS, "from", "ledger").count();
    }

    private List<AppFloor> floors() throws Exception {
        return all.list().getFloorsList();
    }

    @Test
    void pagesThroughLargeAndManyActiveOnesWithTheFloorsInTheLast() throws Exception {
        int other = all.bench.apps.create(CreateAppRequest.newBuilder().setName("other").build()).getAppId();
        var aliases = Audience.newBuilder();
        LongStream.range(0, 100).forEach(i -> aliases.addAliases("a".repeat(120) + i));
        var all4 = Audience.newBuilder().addAllAll(List.of(aliases.build(), aliases.setAliases(0, "x").build(),
                aliases.setAliases(0, "y").build(), aliases.setAliases(0, "z").build()));
        for (int i = 0; i < 60; i++) {
            all.create(all.given().setAppId(i % 2 == 0 ? other : all.bench.app).setAudience(all4));
        }
        var read = new ArrayList<Broadcast>();
        int pages = 0;
        ListActiveReply page;
        do {
            Broadcast last = read.isEmpty() ? Broadcast.getDefaultInstance() : read.getLast();
            page = get(all.active.list(ListActiveRequest.newBuilder().setAfterApp(last.getAppId())
                    .setAfterSeq(last.getSeq()).build()));
            assertThat(page.getSerializedSize()).isLessThan(2 << 20);
            assertThat(page.getFloorsCount()).isEqualTo(page.getMore() ? 0 : 2);
            read.addAll(page.getBroadcastsList());
            pages++;
        } while (page.getMore());

        assertThat(pages).isGreaterThan(2);
        assertThat(read).hasSize(60).extracting(b -> b.getAppId() * 1_000L + b.getSeq()).doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void changesOnlyTheVersionTheCallerSaw() throws Exception {
        Broadcast made = all.create(all.given().setState(State.HELD).setReason("large"));

        Broadcast approved = all.change(changeOf(made).setState(State.RUNNING).setApprovedBy("eve"));
        Broadcast again = all.change(changeOf(made).setState(State.RUNNING).setApprovedBy("mallory"));
        Broadcast late = all.change(made, State.CANCELLED);

        assertThat(approved).isEqualTo(made.toBuilder().setState(State.RUNNING).setApprovedBy("eve").clearReason()
                .setVersion(2).setSeq(2).setEnvelope(approved.getEnvelope()).build());
        assertThat(again).as("a repeated change").isEqualTo(approved);
        assertThat(late).as("another version").isEqualTo(approved);
        assertThat(all.look(made)).isEqualTo(approved);
        assertThat(all.change(changeOf(made).setIfVersion(0).setState(State.PAUSED).setReason("lunch")))
                .isEqualTo(approved.toBuilder().setState(State.PAUSED).setVersion(3).setReason("lunch").build());
        assertThat(all.change(changeOf(made).setBroadcastId(5)).getState()).isEqualTo(State.ABSENT);
        assertThatThrownBy(() -> all.change(made, State.ENDED)).hasMessageContaining("state: ENDED (expected: RUN");
    }

    @Test
    void letsOneOfManyChangersWin() throws Exception {
        Broadcast made = all.create(all.given().setCanary(Canary.newBuilder().setPercent(5)));
        all.bench.clock.advance(Duration.ofMinutes(1));
        var changes = new ArrayList<CompletableFuture<Broadcast>>();
        for (int i = 1; i <= 8; i++) {
            changes.add(all.broadcasts.change(changeOf(made).setStage(1)
                    .setPace(Pace.newBuilder().setRatePerSecond(i)).build()));
        }

        Broadcast won = get(changes.getFirst());
        for (var each : changes) {
            assertThat(get(each)).isEqualTo(won);
        }
        assertThat(won.getVersion()).isEqualTo(2);
        assertThat(won.getStage()).isEqualTo(1);
        assertThat(won.getStageMs()).isEqualTo(all.bench.clock.wallMillis());
    }

    private List<Broadcast> list(long before, boolean activeOnly) throws Exception {
        return get(all.broadcasts.list(ListBroadcastsRequest.newBuilder().setAppId(all.bench.app).setBeforeId(before)
                .setActiveOnly(activeOnly).build())).getBroadcastsList();
    }
}
