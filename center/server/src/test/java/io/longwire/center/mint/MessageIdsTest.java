package io.longwire.center.mint;

import io.longwire.center.refuse.Refused;
import io.longwire.device.id.MessageId;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MessageIdsTest {
    private final VirtualClock clock = new VirtualClock();
    private final FakeCluster cluster = FakeCluster.of("center");
    private final MessageIds ids = new MessageIds(clock, cluster);

    @Test
    void carriesTimeLeaseAndCounter() {
        long first = ids.mint();
        long second = ids.mint();

        assertThat(MessageId.timeMs(first)).isEqualTo(clock.wallMillis());
        assertThat(MessageId.lease(first)).isEqualTo(1);
        assertThat(MessageId.counter(first)).isZero();
        assertThat(MessageId.counter(second)).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(MessageId.counter(ids.mint())).isZero();
    }

    @Test
    void takesTheNextMillisecondWhenTheCounterIsFull() {
        long last = 0;
        for (int i = 0; i <= MessageId.COUNTER_MAX; i++) {
            last = ids.mint();
        }
        long next = ids.mint();

        assertThat(MessageId.timeMs(last)).isEqualTo(clock.wallMillis());
        assertThat(MessageId.timeMs(next)).isEqualTo(clock.wallMillis() + 1);
        assertThat(next).isGreaterThan(last);
    }

    @Test
    void bridgesAClockThatGoesBackUpToFiveSeconds() {
        long before = ids.mint();
        clock.jumpWall(Duration.ofSeconds(-5));

        assertThat(ids.mint()).isGreaterThan(before);
    }

    @Test
    void refusesWhileTheClockIsMoreThanFiveSecondsBehind() {
        long before = ids.mint();
        clock.jumpWall(Duration.ofMillis(-5_001));

        assertThatThrownBy(ids::mint).isInstanceOf(Refused.class)
                .hasMessage("clock: 5001 ms behind the last message id (expected: at most 5000)");
        clock.advance(Duration.ofMillis(1));
        assertThat(ids.mint()).isGreaterThan(before);
    }

    @Test
    void refusesWhileFenced() {
        cluster.fence(true);
        assertThatThrownBy(ids::mint).isInstanceOf(Refused.class).hasMessageContaining("cut off");

        cluster.fence(false);
        assertThat(ids.mint()).isPositive();
    }

    @Test
    void usesTheNewLeaseAfterAReincarnation() {
        long before = ids.mint();
        cluster.reincarnate(6);
        long after = ids.mint();

        assertThat(MessageId.lease(after)).isEqualTo(6);
        assertThat(after).isGreaterThan(before);
    }

    @Test
    void refusesALeaseThatDoesNotFitTheId() {
        cluster.reincarnate(1024);

        assertThatThrownBy(ids::mint).isInstanceOf(Refused.class).hasMessage("lease: 1024 (expected: 0 to 1023)");
    }

    @Test
    void givesEachThreadItsOwnIds() throws Exception {
        Set<Long> all = ConcurrentHashMap.newKeySet();
        var start = new CountDownLatch(1);
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 4; t++) {
                pool.submit(() -> {
                    start.await();
                    var own = new HashSet<Long>();
                    long last = 0;
                    for (int i = 0; i < 5_000; i++) {
                        long id = ids.mint();
                        assertThat(id).isGreaterThan(last);
                        last = id;
                        own.add(id);
                    }
                    all.addAll(own);
                    return null;
                });
            }
            start.countDown();
        }

        assertThat(all).hasSize(20_000);
    }
}
