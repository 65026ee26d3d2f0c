package io.longwire.sdk.phone;

import io.longwire.device.v1.Connect;
import io.longwire.device.v1.NetType;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.ReconnectPolicy;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.util.IntSummaryStatistics;
import java.util.Random;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Networks that come and go every few seconds, with none between: how often a phone connects, in virtual time.
 *
 * <p>The bounds follow from {@link ReconnectPolicy} alone. Each connection is begun when a wait of the backoff is over,
 * or goes around it, once in 30 s. A network that flaps costs the more the faster it does, for then no time passes
 * between what may be done and its next coming. {@link #most} is that limit: the waits as the policy draws them, each
 * cut short as soon as the backoff may be gone around. Waits are drawn, so it is taken of many seeds: no phone may
 * connect more often than the highest of them, nor phones on average more often than halfway from its average to that.
 * For a phone that draws the longest wait each time the bound is a sum.
 */
class FlappingNetworkTest {
    private static final Logger LOG = Logger.getLogger(FlappingNetworkTest.class.getName());
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");
    private static final long HOUR = 3_600_000;
    private static final int AROUND = 30_000; // the backoff is gone around once in so long
    private static final int SEEDS = 50;
    private static final int HOURS = 5; // each with a seed of its own
    private static final int BOUND_SEEDS = 1_000;

    @TempDir
    File directory;
    private int phones;

    @Test
    void theBackoffIsGoneAroundOnceInThirtySecondsWhenTheRoomDropsAsWell() throws IOException {
        IntSummaryStatistics bound = most(300_000);
        IntSummaryStatistics connects = new IntSummaryStatistics();
        for (int seed = 0; seed < SEEDS; seed++) {
            connects.accept(connects(new Random(seed), true, true, 1_000, 1_000, 300_000));
        }
        LOG.info(() -> "5 min of 1 s and 1 s: " + connects + ", bound: " + bound);
        assertThat(connects.getMax()).as("of 150 flaps").isLessThanOrEqualTo(bound.getMax());
        assertThat(connects.getAverage()).isLessThan((bound.getAverage() + bound.getMax()) / 2);
        assertThat(connects.getMin()).as("one in 30 s").isGreaterThanOrEqualTo(300_000 / (AROUND + 3_000));
        assertThat(connects(new LongestWaits(), true, true, 1_000, 1_000, 300_000))
                .as("11 around the backoff, and 2, 3, 9, 27 and four times 60 s").isLessThanOrEqualTo(19);
    }

    @ParameterizedTest
    @CsvSource({"2000, 2000", "3000, 1000", "10000, 2000"})
    void somebodyWhoLooksIsBoundByTheBackoff(long on, long off) throws IOException {
        IntSummaryStatistics bound = most(HOUR);
        IntSummaryStatistics connects = new IntSummaryStatistics();
        for (int seed = 0; seed < HOURS; seed++) {
            connects.accept(connects(new Random(seed), true, false, on, off, HOUR));
        }
        LOG.info(() -> "1 h of " + on + " and " + off + " ms: " + connects + ", bound: " + bound);
        assertThat(connects.getMax()).isLessThanOrEqualTo(bound.getMax());
        assertThat(connects.getAverage()).isLessThan((bound.getAverage() + bound.getMax()) / 2);
        assertThat(connects.getMin()).as("one in 30 s, and the network's next time")
                .isGreaterThanOrEqualTo((int) (HOUR / (AROUND + on + off + 1_000)));
        assertThat(connects(new LongestWaits(), true, false, on, off, HOUR))
                .as("121 around the backoff, and 2, 3, 9, 27 and 59 times 60 s").isLessThanOrEqualTo(184);
    }

    @ParameterizedTest
    @CsvSource({"2000, 2000", "10000, 2000", "70000, 2000"})
    void whileNobodyLooksTheBudgetHolds(long on, long off) throws IOException {
        for (int seed = 0; seed < HOURS; seed++) {
            assertThat(connects(new Random(seed), false, false, on, off, HOUR)).as("seed %d", seed)
                    .isLessThanOrEqualTo(30);
        }
    }

    /** Connections within so long on a network that flaps without end, over many seeds. */
    private static IntSummaryStatistics most(long millis) {
        IntSummaryStatistics most = new IntSummaryStatistics();
        for (int seed = 0; seed < BOUND_SEEDS; seed++) {
            ReconnectPolicy policy = new ReconnectPolicy(new Random(-1 - seed));
            policy.foreground(true);
            long now = 0;
            long around = 0; // from then on the backoff may be gone around
            int connects = 0;
            while (now < millis) {
                long over = now + policy.failed(0);
                long cutShort = Math.max(now, around);
                if (cutShort < over) {
                    around = cutShort + AROUND;
                }
                now = Math.min(cutShort, over);
                connects++;
            }
            most.accept(connects);
        }
        return most;
    }

    /** CONNECTs within so long on such a network, whose end cuts all; afterwards the phone comes back. */
    private int connects(Random draws, boolean looks, boolean roomDrops, long on, long off, long millis)
            throws IOException {
        VirtualPlatform platform = new VirtualPlatform();
        VirtualLoop loop = platform.loop;
        WeakNet net = new WeakNet(loop, platform.net);
        net.rttMillis = 100;
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, looks, false, 0, 0);
        try (PhoneStore store = PhoneStore.open(new File(directory, "phone-" + phones++), false)) {
            Phone phone = new Phone(platform.parts(net, store, settings), draws);
            phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
            phone.network(WIFI);
            phone.start();
            loop.advance(60_000);
            assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);

            platform.net.dropAfterLogin = roomDrops;
            int before = platform.net.connects.size();
            boolean wifi = false;
            for (long passed = 0; passed < millis; passed += off + on) {
                phone.network(Network.NONE);
                loop.advance(off);
                phone.network(wifi ? WIFI : CELL);
                wifi = !wifi;
                loop.advance(on);
            }
            int connects = platform.net.connects.size() - before;
            platform.net.dropAfterLogin = false;
            loop.advance(looks ? 60_000 : HOUR);
            assertThat(platform.heard.last().stage()).as("at last").isEqualTo(PhoneStatus.Stage.ONLINE);
            phone.stop();
            return connects;
        }
    }

    /** Draws the longest wait each time. */
    private static final class LongestWaits extends Random {
        private static final long serialVersionUID = 1;

        LongestWaits() {
            super(1);
        }

        @Override
        public double nextDouble() {
            return Math.nextDown(1.0);
        }
    }
}
