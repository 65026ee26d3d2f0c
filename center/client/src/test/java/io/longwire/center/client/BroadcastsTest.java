package io.longwire.center.client;

import io.grpc.Status;
import io.longwire.center.client.call.BackendException;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.center.client.call.ScriptedCenter;
import io.longwire.center.client.call.Watch;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.center.BroadcastCounts;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.ControlBroadcastRequest;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.ListBroadcastsReply;
import io.longwire.rpc.center.ListBroadcastsRequest;
import io.longwire.rpc.center.PaceBroadcastRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BroadcastsTest {
    private static final String ID = "0123456789ABC";

    private final ScriptedCenter center = new ScriptedCenter(RetryPolicy.DEFAULT);
    private final Broadcasts broadcasts = new LongwireBackend(center.calls()).broadcasts();

    @AfterEach
    void close() {
        center.close();
    }

    @Test
    void carriesEveryOption() {
        center.then(info("running", 0));

        broadcasts.create(Broadcast.to("{\"all\": [{\"tag\": \"beta\"}, {\"appVersion\": {\"ge\": 30}}]}").payload("hi")
                .ttl(Duration.ofHours(1)).priority(Priority.HIGH).collapseKey("c").label("l").idempotencyKey("k")
                .pace(Pace.within(Duration.ofMinutes(30))).after(Duration.ofMinutes(10))
                .canary(Canary.percent(2.5).hold(Duration.ofMinutes(5)).maxFailedPercent(1).maxDroppedPercent(3)
                        .untilAdvanced()))
                .await();

        var asked = center.asked(CreateBroadcastRequest.class).get(0);
        assertThat(asked.getAudience().getAll(0).getTag()).isEqualTo("beta");
        assertThat(asked.getAudience().getAll(1).getAppVersion().getGe()).isEqualTo(30);
        assertThat(asked.getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(List.of(asked.getTtl(), asked.getCollapseKey(), asked.getLabel(), asked.getIdempotencyKey(),
                asked.getNotBefore(), asked.getPace().getDuration(), asked.getPriority().name()))
                .containsExactly("3600s", "c", "l", "k", "600s", "1800s", "HIGH");
        var canary = asked.getCanary();
        assertThat(List.of(canary.getPercent(), canary.getHold(), canary.getMaxFailedPercent(),
                canary.getMaxDroppedPercent(), canary.getWait())).containsExactly(2.5, "300s", 1.0, 3.0, true);
    }

    @Test
    void isMadeOnceWhateverTheTries() {
        center.then(Status.UNAVAILABLE.asRuntimeException()).then(info("running", 0));

        var made = broadcasts.create(Broadcast.toAll().payload("hi"));
        center.passTime();

        assertThat(made.await().state()).isEqualTo("running");
        var asked = center.asked(CreateBroadcastRequest.class);
        assertThat(asked).hasSize(2).containsOnly(asked.get(0));
        assertThat(asked.get(0).getIdempotencyKey()).hasSize(32);
        assertThat(asked.get(0).hasAudience()).isFalse();
    }

    @Test
    void nothingIsKeptOfADryRun() {
        center.then(BroadcastInfo.newBuilder().setState("dry_run")
                .setEstimate(io.longwire.rpc.center.AudienceEstimate.newBuilder().setOnline(7).setWalkMs(1500))
                .build());

        var dry = broadcasts.create(Broadcast.toTopic("weather").dryRun()).await();

        assertThat(dry.estimate()).isNotNull();
        assertThat(dry.estimate().online()).isEqualTo(7);
        assertThat(dry.estimate().walk()).isEqualTo(Duration.ofMillis(1500));
        assertThat(center.asked(CreateBroadcastRequest.class).get(0).getIdempotencyKey()).isEmpty();
    }

    @Test
    void namesWhatIsNoAudience() {
        assertThatThrownBy(() -> Broadcast.to("{\"tagg\": \"b\"}")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("audience: ").hasMessageContaining("tagg");
        assertThatThrownBy(() -> Broadcast.to("tag")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsWhatCenterKnows() {
        center.then(info("walked", 100).toBuilder().setAudience(Audience.newBuilder().setTag("beta")).setEtaMs(2000)
                .setRooms(3).setRoomsFinished(3).setReason("r").setRevokes("x").setCreatedMs(1)
                .setCounts(BroadcastCounts.newBuilder().setWritten(9).setLeftToCursor(1).putFailed("app_missing", 2))
                .build());

        var state = broadcasts.get(ID).await();

        assertThat(state.over()).isTrue();
        assertThat(state.audience().getTag()).isEqualTo("beta");
        assertThat(state.eta()).isEqualTo(Duration.ofSeconds(2));
        assertThat(state.counts().written()).isEqualTo(9);
        assertThat(state.counts().failed()).isEqualTo(Map.of("app_missing", 2L));
        assertThat(state.expires()).isNull();
        assertThat(state.estimate()).isNull();
        assertThat(center.asked(BroadcastName.class).get(0).getBroadcastId()).isEqualTo(ID);
    }

    @Test
    void asksForPages() {
        center.then(ListBroadcastsReply.newBuilder().addBroadcasts(info("running", 1)).setCursor("c").build());

        var page = broadcasts.list("", 20, true).await();

        assertThat(page.items()).hasSize(1);
        assertThat(page.last()).isFalse();
        assertThat(center.asked(ListBroadcastsRequest.class).get(0).getActive()).isTrue();
    }

    @Test
    void controlsByNameAndReason() {
        center.then(info("paused", 1)).then(info("running", 1)).then(info("running", 1)).then(info("running", 1))
                .then(info("cancelled", 1)).then(info("running", 1));

        assertThat(broadcasts.pause(ID, "why").await().state()).isEqualTo("paused");
        broadcasts.resume(ID, "").await();
        broadcasts.advance(ID, "").await();
        broadcasts.approve(ID, "").await();
        broadcasts.cancel(ID, "").await();
        broadcasts.revoke(ID, "").await();

        assertThat(center.asked(ControlBroadcastRequest.class)).hasSize(6)
                .allMatch(asked -> asked.getBroadcastId().equals(ID)).first()
                .satisfies(asked -> assertThat(asked.getReason()).isEqualTo("why"));
        assertThat(center.methods()).containsExactly("PauseBroadcast", "ResumeBroadcast", "AdvanceBroadcast",
                "ApproveBroadcast", "CancelBroadcast", "RevokeBroadcast");
    }

    @Test
    void changesThePace() {
        center.then(info("running", 1)).then(info("running", 1));

        broadcasts.pace(ID, Pace.perSecond(500)).await();
        broadcasts.pace(ID, Pace.FASTEST).await();

        assertThat(center.asked(PaceBroadcastRequest.class)).extracting(asked -> asked.getPace().getRatePerSecond())
                .containsExactly(500, 0);
    }

    @Test
    void watchesUntilItIsOver() {
        center.then(List.of(info("running", 10), info("walked", 100)));

        try (Watch<BroadcastState> watch = broadcasts.watch(ID)) {
            assertThat(watch).toIterable().extracting(BroadcastState::percent).containsExactly(10.0, 100.0);
            assertThat(watch.hasNext()).isFalse();
        }
    }

    @Test
    void watchesOnWhenACenterGoesAway() {
        center.then(List.of(info("running", 10), Status.UNAVAILABLE.asRuntimeException()))
                .then(Status.UNAVAILABLE.asRuntimeException()).then(List.of(info("running", 30), info("walked", 100)));

        try (Watch<BroadcastState> watch = broadcasts.watch(ID)) {
            center.passTime();

            assertThat(watch).toIterable().extracting(BroadcastState::percent).containsExactly(10.0, 30.0, 100.0);
        }
        assertThat(center.keys()).hasSize(3);
    }

    @Test
    void aWatchFailsWithWhatItIsRefusedFor() {
        center.then(ScriptedCenter.refusal(404, "unknown_broadcast", 0));

        try (Watch<BroadcastState> watch = broadcasts.watch(ID)) {
            assertThat(catchThrowableOfType(BackendException.class, watch::hasNext).code())
                    .isEqualTo("unknown_broadcast");
        }
        assertThat(center.keys()).hasSize(1);
    }

    @Test
    void aWatchGivesUpWhenNobodyAnswersForTheTotalDeadline() {
        for (int i = 0; i < 100; i++) {
            center.then(Status.UNAVAILABLE.asRuntimeException());
        }

        try (Watch<BroadcastState> watch = broadcasts.watch(ID)) {
            center.passTime();
            assertThat(catchThrowableOfType(BackendException.class, watch::hasNext)).isInstanceOf(
                    BackendException.Unavailable.class);
        }
    }

    @Test
    void aWatchThatHearsNothingConnectsAgain() {
        center.then(List.of(info("running", 10), ScriptedCenter.SILENCE)).then(List.of(info("walked", 100)));

        try (Watch<BroadcastState> watch = broadcasts.watch(ID)) {
            center.passTime();

            assertThat(watch).toIterable().extracting(BroadcastState::percent).containsExactly(10.0, 100.0);
        }
    }

    @Test
    void aWatchThatIsClosedIsOver() {
        center.then(List.of(info("running", 10), ScriptedCenter.SILENCE));
        Watch<BroadcastState> watch = broadcasts.watch(ID);

        watch.close();

        assertThat(watch.next().percent()).isEqualTo(10.0);
        assertThat(watch.hasNext()).isFalse();
        center.passTime();
        assertThat(center.keys()).hasSize(1);
    }

    private static BroadcastInfo info(String state, double percent) {
        return BroadcastInfo.newBuilder().setBroadcastId(ID).setState(state).setStage("all").setPercent(percent)
                .build();
    }
}
