package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.NetType;
import io.longwire.device.v1.Push;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.store.v1.WishKind;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A phone that walks: networks come, go, lie and die, in virtual time. */
class PhoneNetworkTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final long HOUR = 3_600_000;
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final WeakNet net = new WeakNet(loop, platform.net);
    private final VirtualPlatform.Heard heard = platform.heard;
    @AutoClose
    private PhoneStore store;
    private Phone phone;
    private App app;

    @BeforeEach
    void start() throws IOException {
        store = PhoneStore.open(directory, false);
        net.rttMillis = 100;
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, true, false, 0, 0);
        phone = new Phone(loop, net, platform.dispatcher, Runnable::run, store, settings, heard);
        app = phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
        phone.network(WIFI);
        phone.start();
        loop.advance(60_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void isBackTwoSecondsAfterTheNextNetworkIsThere() {
        for (boolean looks : new boolean[]{true, false}) {
            phone.foreground(looks);
            loop.advance(60_000);
            net.forgetLinks();
            phone.network(Network.NONE);
            loop.advance(5_000);
            assertThat(isOnline()).isFalse();

            phone.network(looks ? CELL : WIFI);
            loop.advance(2_000);
            assertThat(isOnline()).as("foreground " + looks).isTrue();
            assertThat(lastConnect().getReconnectReason()).isEqualTo(2);
            assertThat(lastConnect().getResumeToken().isEmpty()).isFalse();
        }
    }

    @Test
    void theRoundTripTimeOfANetworkIsHandedToItsNextConnection() throws IOException {
        phone.network(CELL);
        phone.foreground(false);
        loop.advance(HOUR / 2);
        platform.net.cut();
        loop.advance(60_000);
        int connects = platform.net.connects.size();
        assertThat(verdictOfASilentLink()).as("4 round trips and 3 s, 8 s on cell").isBetween(7_000L, 9_500L);
        assertThat(platform.net.connects).hasSize(connects + 1);

        loop.advance(HOUR / 2);
        phone.stop();
        store.close();
        store = PhoneStore.open(directory, false);
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0);
        phone = new Phone(loop, net, platform.dispatcher, Runnable::run, store, settings, heard);
        app = phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
        phone.network(CELL);
        phone.start();
        loop.advance(60_000);
        assertThat(verdictOfASilentLink()).as("after a restart").isBetween(7_000L, 9_500L);
    }

    @Test
    void aNetworkThatHasBecomeSlowIsNotJudgedByWhatItWas() {
        phone.network(CELL);
        phone.foreground(false);
        loop.advance(HOUR / 2);
        net.rttMillis = 9_000;
        loop.advance(HOUR / 2);
        int connects = platform.net.connects.size();
        loop.advance(2 * HOUR);
        assertThat(platform.net.connects).as("one was given up too early, the next is not").hasSize(connects);
        assertThat(isOnline()).isTrue();
    }

    /** From the ping on a link that the network forgot to the next CONNECT. */
    private long verdictOfASilentLink() {
        net.forgetLinks();
        int wakeUps = net.wakeUps.size();
        while (net.wakeUps.size() == wakeUps) {
            loop.advance(10);
        }
        long pinged = loop.elapsedMillis();
        int connects = platform.net.connects.size();
        while (platform.net.connects.size() == connects && loop.elapsedMillis() < pinged + 60_000) {
            loop.advance(10);
        }
        return loop.elapsedMillis() - pinged;
    }

    @Test
    void makesBeforeItBreaksWhenBothNetworksAreUp() {
        for (Network next : List.of(CELL, WIFI, CELL)) {
            int connects = platform.net.connects.size();
            phone.network(next);
            while (platform.net.connects.size() == connects) {
                assertThat(isOnline()).isTrue();
                loop.advance(10);
            }
            loop.advance(60_000);
            assertThat(isOnline()).isTrue();
            assertThat(platform.net.connects).hasSize(connects + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOrdinaryMoveIsMadeInTwoSeconds(boolean looks) {
        phone.foreground(looks);
        for (Network next : List.of(CELL, WIFI, CELL, WIFI)) {
            loop.advance(60_000);
            int connects = platform.net.connects.size();
            phone.network(next);
            loop.advance(2_000);
            assertThat(platform.net.connects).hasSize(connects + 1);
            assertThat(isOnline()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNetworkThatFlapsUnderALiveConnectionCostsOneInThirtySecondsAndTheBudgetOfMoves(boolean looks) {
        phone.foreground(looks);
        loop.advance(60_000);
        int connects = platform.net.connects.size();
        for (int second = 0; second < 60; second += 3) {
            phone.network(second % 2 == 0 ? CELL : WIFI);
            loop.advance(3_000);
            assertThat(isOnline()).isTrue();
        }
        assertThat(platform.net.connects.size() - connects).as("in a minute").isBetween(1, 3);

        for (int second = 60; second < 3_600; second += 3) {
            phone.network(second % 2 == 0 ? CELL : WIFI);
            loop.advance(3_000);
            assertThat(isOnline()).isTrue();
        }
        assertThat(platform.net.connects.size() - connects).as("in an hour, of 1200").isBetween(10, 20);
    }

    @Test
    void aLinkThatDiesWhileAMoveWaitsForItsTurnIsFoundByAPing() {
        phone.foreground(false);
        for (int move = 0; move < 5; move++) {
            phone.network(move % 2 == 0 ? CELL : WIFI);
            loop.advance(31_000);
        }
        int connects = platform.net.connects.size();
        net.forgetLinks();
        phone.network(WIFI);
        loop.advance(3_000);
        assertThat(platform.net.connects).as("no move is left in these five minutes").hasSize(connects);

        loop.advance(25_000);
        assertThat(platform.net.connects).hasSize(connects + 1);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void leavesTheLinkAloneWhenTheOldNetworkIsBackAtOnce() {
        phone.network(CELL);
        loop.advance(100);
        phone.network(WIFI);
        loop.advance(60_000);
        assertThat(platform.net.connects).hasSize(1);
    }

    @Test
    void theOldLinkMayDieInTheMiddleOfTheMove() {
        phone.network(CELL);
        loop.advance(100);
        platform.net.cut();
        loop.advance(2_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void runsNoTimerWithoutANetwork() {
        phone.network(Network.NONE);
        loop.advance(1);
        assertThat(isOnline()).as("the connection is given up at once").isFalse();
        loop.advance(20_000);
        assertThat(loop.waiting()).isZero();
        int dials = net.dials;
        int asked = platform.dispatcher.roomQuestions + platform.dispatcher.registrations;
        loop.advance(30 * HOUR);

        assertThat(net.dials).isEqualTo(dials);
        assertThat(platform.dispatcher.roomQuestions + platform.dispatcher.registrations).isEqualTo(asked);
        phone.network(CELL);
        loop.advance(3_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aRenewalThatWasDueWithoutANetworkIsMadeOnTheNext() {
        phone.network(Network.NONE);
        int asked = platform.dispatcher.registrations;
        loop.advance(25 * 24 * HOUR);
        assertThat(loop.waiting()).isZero();
        assertThat(platform.dispatcher.registrations).isEqualTo(asked);

        phone.network(CELL);
        loop.advance(3_000);
        assertThat(platform.dispatcher.registrations).isEqualTo(asked + 1);
        assertThat(isOnline()).isTrue();
        loop.advance(25 * 24 * HOUR);
        assertThat(platform.dispatcher.registrations).as("and goes on").isEqualTo(asked + 2);
    }

    @Test
    void aDeadLinkIsFoundSixSecondsAfterTheAppComesToTheFront() {
        phone.foreground(false);
        loop.advance(HOUR / 2);
        net.forgetLinks();
        phone.foreground(true);
        loop.advance(6_000);

        assertThat(platform.net.connects).hasSize(2);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aDeadLinkIsFoundTenSecondsAfterItIsUsed() {
        net.forgetLinks();
        phone.wish(app, List.of(Wish.newBuilder().setKind(WishKind.WISH_TAG).setName("gold").build()),
                (outcome, reason) -> {
                });
        loop.advance(9_900);

        assertThat(platform.net.connects).hasSize(2);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aLinkThatAnswersLateAfterAllStaysAndTheSpareOneIsClosedUnused() {
        phone.foreground(false);
        loop.advance(HOUR / 2);
        int dials = net.dials;
        net.rttMillis = 3_400;
        phone.foreground(true);
        loop.advance(10_000);

        assertThat(net.dials).isEqualTo(dials + 1);
        assertThat(platform.net.connects).hasSize(1);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aThawedProcessAsksWithinASecond() {
        phone.foreground(false);
        loop.advance(HOUR);
        int pings = platform.net.pings;
        phone.woke();
        loop.advance(1_000);
        assertThat(platform.net.pings).isEqualTo(pings + 1);
    }

    @Test
    void aCutLinkResumesInOneRoundTrip() {
        platform.net.cut();
        net.firstBytesAt = -1;
        while (!isOnline()) {
            loop.advance(1);
        }
        assertThat(loop.elapsedMillis() - net.firstBytesAt).isEqualTo(net.rttMillis);
        assertThat(heard.last().resumed()).isTrue();
        assertThat(lastConnect().getResumeToken().isEmpty()).isFalse();
    }

    @Test
    void aRoomThatTakesConnectionsAndAnswersNoConnectIsLeftAfterTenSeconds() {
        platform.net.dialled.clear();
        platform.net.mute = true;
        platform.net.cut();
        loop.advance(12_500);
        assertThat(isOnline()).isFalse();
        platform.net.mute = false;
        loop.advance(20_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void onASlowNetworkWaitsAreLonger() {
        Network slow = Network.of(NetType.NET_CELL_2G, "310 260 2");
        phone.network(Network.NONE);
        loop.advance(5_000);
        platform.net.mute = true;
        int dials = net.dials;
        phone.network(slow);
        loop.advance(2_000);
        assertThat(net.dials).isEqualTo(dials + 1);
        assertThat(platform.dispatcher.paces).endsWith(Pace.SLOW);
        loop.advance(17_500);
        assertThat(net.dials).as("CONNECT may be answered within 20 s").isEqualTo(dials + 1);
        platform.net.mute = false;
        loop.advance(60_000);
        assertThat(isOnline()).isTrue();

        byte[] push = FrameWriter.frame(FrameType.PUSH, Push.newBuilder().setSeq(1).setEndpointId(99).setAppId(7)
                .setMessageId(5).build());
        int connects = platform.net.connects.size();
        platform.net.raw(Arrays.copyOf(push, push.length / 2));
        loop.advance(19_000);
        assertThat(isOnline()).as("half a frame is waited for 20 s").isTrue();
        platform.net.raw(Arrays.copyOfRange(push, push.length / 2, push.length));
        loop.advance(60_000);
        assertThat(platform.net.connects).hasSize(connects);

        platform.net.raw(Arrays.copyOf(push, push.length / 2));
        loop.advance(19_990);
        assertThat(platform.net.connects).hasSize(connects);
        loop.advance(20_000);
        assertThat(platform.net.connects).as("and no longer").hasSize(connects + 1);
    }

    @Test
    void aMoveThatWaitedForAConnectionThatFailedIsNotMadeTwice() {
        platform.net.mute = true;
        platform.net.cut();
        loop.advance(3_000);
        phone.move();
        platform.net.mute = false;
        int connects = platform.net.connects.size();
        loop.advance(60_000);
        assertThat(isOnline()).isTrue();
        assertThat(platform.net.connects).hasSize(connects + 1);
    }

    @Test
    void aBackoffThatIsOverInTheDarkIsNotWaitedForAgain() {
        for (int tunnel = 0; tunnel < 3; tunnel++) {
            phone.network(Network.NONE);
            loop.advance(70_000 / (tunnel + 1));
            phone.network(tunnel % 2 == 0 ? CELL : WIFI);
            loop.advance(2_000);
            assertThat(isOnline()).as("tunnel " + tunnel).isTrue();
            loop.advance(3_000);
        }
    }

    @Test
    void aNetworkThatEndsInTheMiddleOfADialIsNoReasonToWaitHalfAMinute() {
        phone.network(Network.NONE);
        loop.advance(5_000);
        for (int i = 0; i < 2; i++) {
            int dials = net.dials;
            phone.network(CELL);
            while (net.dials == dials) {
                loop.advance(10);
            }
            phone.network(Network.NONE);
            loop.advance(10_000); // longer than the third wait of the backoff, 9 s
        }
        phone.network(WIFI);
        loop.advance(2_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aCaptivePortalIsTriedSlowlyAndBansNobody() {
        phone.network(Network.NONE);
        Network portal = Network.of(NetType.NET_WIFI, "hotel").validated(false);
        platform.net.dead = true;
        phone.network(portal);
        int dials = net.dials;
        loop.advance(600_000);
        assertThat(net.dials - dials).isBetween(1, 8);

        platform.net.dead = false;
        phone.network(portal.validated(true));
        loop.advance(2_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aThawedProcessFindsADeadLinkWhateverLayInItsSocket() {
        phone.foreground(false);
        loop.advance(30_000);
        platform.net.backlog();
        loop.advance(60);
        net.forgetLinks();
        phone.woke();
        loop.advance(17_000);

        assertThat(platform.net.connects).hasSize(2);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aServersWordIsKeptWhateverNetworkComes() {
        platform.net.answer = ConnectAck.newBuilder().setCode(Code.BUSY).setRetryAfterMs(300_000).build();
        platform.net.cut();
        loop.advance(10_000);
        int dials = net.dials;
        platform.net.answer = null;
        phone.network(CELL);
        loop.advance(200_000);
        assertThat(net.dials).isEqualTo(dials);
        loop.advance(200_000);
        assertThat(isOnline()).isTrue();
    }

    @Test
    void aWallClockThatJumpsDoesNotTouchTheHeartbeat() {
        phone.foreground(false);
        loop.advance(3 * HOUR);
        int pings = platform.net.pings;
        for (long wall : new long[]{0, 1_000_000_000_000L, 4_000_000_000_000L}) {
            loop.setWall(wall);
            loop.advance(8 * HOUR);
        }
        assertThat(platform.net.pings - pings).isBetween(95, 100);
        assertThat(platform.net.connects).hasSize(1);
        platform.net.cut();
        loop.advance(60_000);
        assertThat(isOnline()).isTrue();
    }

    private boolean isOnline() { return heard.last().stage() == PhoneStatus.Stage.ONLINE; }

    private Connect lastConnect() {
        return platform.net.connects.get(platform.net.connects.size() - 1);
    }
}
