package io.longwire.coordinator;

import io.longwire.coordinator.MockBackend.Reply;
import io.longwire.rpc.coordinator.AppFeedback;
import io.longwire.testkit.stores.Stores;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is said of backends by the callbacks that are really sent to them. */
final class PaceIT {
    private static final int APP = 7;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Reply FAILS = Reply.of(500, "", "no");

    private final CallbackRig rig = new CallbackRig("a", Stores.shared().freshRedis().port(), List.of("127.0.0.0/8"));
    private final MockBackend backend = new MockBackend();

    @AfterEach
    void stop() {
        rig.close();
        backend.close();
    }

    @Test
    void aBackendThatFailsIsGivenHalfAndHalfAgainUntilItAnswersThenMoreStepByStep() throws Exception {
        backend.answering(got -> FAILS);
        rig.put(CallbackRig.to(APP, backend.url()).setMaxAttempts(1_000));
        rig.send(APP, Rig.ENDPOINT, 1, 5);

        await().atMost(LIMIT).until(() -> said().getShare() <= 0.25);
        AppFeedback bad = said();
        assertThat(bad.getWhy()).isEqualTo("errors");
        assertThat(sum(bad.getFailedList())).isPositive().isEqualTo(sum(bad.getRequestsList()));
        assertThat(bad.hasPushPace()).isFalse();
        assertThat(bad.getTtlMs()).isEqualTo(5_000);
        assertThat(rig.rig.metrics.counter(CoordinatorMetric.PACE_CUTS, "why", "errors").count())
                .isGreaterThanOrEqualTo(2);

        backend.answering(got -> MockBackend.TAKEN);
        await().atMost(LIMIT).until(() -> backend.texts().size() == 5);
        double least = said().getShare();
        await().atMost(LIMIT).until(() -> said().getShare() > least + 0.05);
    }

    @Test
    void aBackendThatHangsIsSlowBeforeItsTimeIsOver() throws Exception {
        backend.answering(got -> MockBackend.HANG);
        rig.put(CallbackRig.to(APP, backend.url()));
        rig.send(APP, Rig.ENDPOINT, 1, 1);

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(said().getShare()).isLessThan(1);
            assertThat(said().getWhy()).isEqualTo("slow");
        });
    }

    @Test
    void aPushPaceIsHeardForItsTimeAndNonsenseIsCounted() throws Exception {
        backend.answering(got -> got.events().getFirst().seq() == 1
                ? Reply.of(204, "Push-Pace: 120\r\n", "")
                : Reply.of(204, "push-pace: very fast\r\n", ""));
        rig.put(CallbackRig.to(APP, backend.url()).setBatch(1));
        rig.send(APP, Rig.ENDPOINT, 1, 2);

        await().atMost(LIMIT).until(() -> backend.texts().size() == 2);
        await().atMost(LIMIT).until(() -> pushPaces("unreadable") == 1);
        assertThat(pushPaces("followed")).isEqualTo(1);
        await().atMost(LIMIT).until(() -> !said().hasPushPace());
    }

    @Test
    void aRejectionCountsAsFailedAndSlowsNothingDown() throws Exception {
        backend.answering(got -> Reply.of(422, "", ""));
        rig.put(CallbackRig.to(APP, backend.url()).setMaxAttempts(2));
        rig.send(APP, Rig.ENDPOINT, 1, 1);

        await().atMost(LIMIT).until(() -> sum(said().getFailedList()) == 2);
        assertThat(said().getWhy()).isNotEqualTo("errors");
    }

    @Test
    void ofAnAppWithoutCallbacksNothingIsSaid() throws Exception {
        assertThat(rig.paces.feedback(List.of(APP, 8)).get(10, TimeUnit.SECONDS).getAppsList()).isEmpty();
    }

    private long pushPaces(String outcome) {
        return rig.rig.metrics.counter(CoordinatorMetric.PUSH_PACES, "outcome", outcome).count();
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    private AppFeedback said() throws Exception {
        List<AppFeedback> said = rig.paces.feedback(List.of(APP)).get(10, TimeUnit.SECONDS).getAppsList();
        return said.isEmpty() ? AppFeedback.newBuilder().setShare(1).build() : said.getFirst();
    }
}
