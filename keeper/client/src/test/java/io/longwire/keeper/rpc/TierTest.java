package io.longwire.keeper.rpc;

import io.longwire.keeper.clock.TestClock;
import io.longwire.keeper.cluster.Rendezvous;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.register.LookupResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TierTest {
    private final RpcLoops loops = new RpcLoops("test", 1);
    private final TestClock clock = new TestClock();
    private final MemberPool<Long, LookupResult> pool = new MemberPool<>(
            new RpcContext(new Peers(loops, clock), new FakeCluster(), clock, new RpcCounters(new PrometheusMetrics()),
                    BalanceConfig.none()),
            "register", new Lookups(Duration.ofSeconds(1)), Balance.<Long>byKey(Long::longValue), target -> {
                throw new IllegalStateException("a stream (expected: none is wanted)");
            });
    private final Target<Long, LookupResult> a = target("a");
    private final Target<Long, LookupResult> b = target("b");
    private final Target<Long, LookupResult> c = target("c");
    private final Tier<Long, LookupResult> tier = new Tier<>(List.of(a, b, c), false);

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void keepsTheTrialOfAMemberForAKeyOfItsOwn() {
        fail(a);
        assertThat(tier.best(keyOf(a), null, clock.nanos())).as("its breaker is open").isNotSameAs(a);
        clock.advance(Duration.ofMillis(250));

        assertThat(tier.best(keyOf(b), null, clock.nanos())).isSameAs(b);
        assertThat(tier.best(keyOf(c), null, clock.nanos())).isSameAs(c);

        assertThat(tier.best(keyOf(a), null, clock.nanos())).as("the trial").isSameAs(a);
        assertThat(tier.best(keyOf(a), null, clock.nanos())).as("one a pause").isNotSameAs(a);
    }

    private void fail(Target<Long, LookupResult> target) {
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMillis(2));
            assertThat(target.failed(new Pending<>(1L, 9, 0), new RpcFailure(RpcFailure.Kind.DEADLINE, "planned")))
                    .as("taken elsewhere").isFalse();
        }
    }

    private long keyOf(Target<Long, LookupResult> target) {
        return LongStream.range(0, 1_000).filter(key -> tier.targets().stream()
                .max(Comparator.comparing(one -> Rendezvous.score(one.seed, key), Long::compareUnsigned))
                .orElseThrow() == target).findFirst().orElseThrow();
    }

    private Target<Long, LookupResult> target(String instance) {
        return new Target<>(FakeCluster.member(instance, "127.0.0.1:1", "east", false), pool);
    }
}
