package io.longwire.sdk.phone;

import io.longwire.device.v1.NetType;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole phone that nobody looks at, behind NATs that forget: days of it. */
class PhoneDaysTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final long HOUR = 3_600_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final WeakNet net = new WeakNet(loop, platform.net);
    @AutoClose
    private PhoneStore store;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        net.rttMillis = 60;
    }

    @ParameterizedTest
    @CsvSource({"90, 60", "200, 180", "300, 285", "360, 345", "600, 585", "900, 885", "1800, 1680"})
    void findsTheRungItsNatSurvivesAndFailsNoMoreThanThreeTimesADay(long nat, long rung) throws IOException {
        net.natMillis = nat * 1_000;
        platform.net.maxSeconds = 1_800;
        phone().start();
        loop.advance(3 * HOUR);

        for (int day = 1; day <= 3; day++) {
            int connects = platform.net.connects.size();
            loop.advance(24 * HOUR);
            assertThat(platform.net.connects.size() - connects).as("connections of day " + day).isLessThanOrEqualTo(3);
        }
        assertThat(lastGap()).isBetween(rung * 1_000, rung * 1_000 + 1_000);
        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void wakesNoMoreThanFiveTimesAnHourOnAQuarterHourNat() throws IOException {
        net.natMillis = 900_000;
        phone().start();
        loop.advance(3 * HOUR);
        int before = net.wakeUps.size();
        loop.advance(24 * HOUR);

        assertThat((net.wakeUps.size() - before) / 24.0).isLessThanOrEqualTo(5);
        assertThat(platform.net.connects).hasSize(1);
    }

    @Test
    void aConnectionThatTheNatForgotIsReplacedInTheTimeOfItsPing() throws IOException {
        net.natMillis = 300_000;
        phone().start();
        loop.advance(1_000);
        while (platform.net.connects.size() == 1) {
            loop.advance(1_000);
        }
        long pinged = net.wakeUps.get(net.wakeUps.size() - 1);
        assertThat(loop.elapsedMillis() - pinged).as("spare wire ready at the verdict").isLessThanOrEqualTo(7_500);
        assertThat(platform.net.connects.get(1).getReconnectReason()).isEqualTo(4);
    }

    @Test
    void whatALifeLearnedTheNextOneKnows() throws IOException {
        net.natMillis = 600_000;
        Phone first = phone();
        first.start();
        loop.advance(4 * HOUR);
        first.stop();
        store.close();
        store = PhoneStore.open(directory, false);
        int connects = platform.net.connects.size();

        phone().start();
        loop.advance(3 * HOUR);
        assertThat(platform.net.connects).hasSize(connects + 1);
        assertThat(platform.net.connects.get(connects).getHb().getOkS()).isEqualTo(585);
        assertThat(lastGap()).isBetween(585_000L, 586_000L);
    }

    @ParameterizedTest
    @CsvSource({"NET_CELL_4G, 4000, 32000", "NET_CELL_3G, 9000, 65000"})
    void aPhoneInDozeJudgesAConnectionThatTheNatForgotInTheTimeOfItsPing(NetType type, long rtt, long most)
            throws IOException {
        net.rttMillis = rtt;
        assertThat(silenceAfterThePing(type, true)).isLessThanOrEqualTo(most);
        loop.advance(60_000);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void aPhoneThatSleptThroughThatWaitWouldJudgeItMinutesLate() throws IOException {
        net.rttMillis = 4_000;
        assertThat(silenceAfterThePing(NetType.NET_CELL_4G, false)).isGreaterThan(8 * 60_000);
    }

    /** How long a phone in Doze is without a connection after the ping that finds it forgotten. */
    private long silenceAfterThePing(NetType type, boolean staysAwake) throws IOException {
        Phone phone = phone(new DozingLoop(loop, staysAwake));
        phone.network(Network.of(type, "310 260"));
        phone.start();
        loop.advance(HOUR / 2);
        assertThat(platform.net.connects).hasSize(1);
        assertThat(loop.awaited()).isZero();

        net.forgetLinks();
        int wakeUps = net.wakeUps.size();
        while (net.wakeUps.size() == wakeUps) {
            loop.advance(100);
        }
        long pinged = loop.elapsedMillis();
        while (platform.net.connects.size() == 1 && loop.elapsedMillis() - pinged < HOUR) {
            loop.advance(100);
        }
        return loop.elapsedMillis() - pinged;
    }

    private long lastGap() {
        List<Long> at = net.wakeUps;
        return at.get(at.size() - 1) - at.get(at.size() - 2);
    }

    private Phone phone() throws IOException {
        return phone(loop);
    }

    private Phone phone(Loop goesBy) throws IOException {
        Phone phone = platform.phone(goesBy, net, store);
        phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
        return phone;
    }
}
