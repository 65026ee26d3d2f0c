package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.NetType;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.store.v1.WishKind;
import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a phone stays awake for: answers of the network, each to its end whatever that is, and nothing else. */
class AwakeTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final String OTHER_APP = "ak_8_000102030405060708090a0b0c0d0e0f";
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");
    private static final Network OTHER = Network.of(NetType.NET_CELL_4G, "310 410");
    private static final long HOUR = 3_600_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final WeakNet net = new WeakNet(loop, platform.net);
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private final List<AppProfile.Outcome> settled = new ArrayList<>();
    private boolean slowDispatcher;
    private PhoneStore store;
    private Phone phone;
    private App app;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        net.rttMillis = 100;
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0);
        phone = new Phone(loop, net, platform.dispatcher, call -> {
            if (slowDispatcher) {
                calls.add(call);
            } else {
                call.run();
            }
        }, store, settings, platform.heard);
        app = phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
        phone.network(CELL);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void nothingIsAwaitedOnAConnectionThatIsWell() {
        online();
        platform.net.pings = 0;
        long awake = 0;
        for (long millis = 0; millis < HOUR; millis += 50) {
            loop.advance(50);
            awake += loop.awaited() > 0 ? 50 : 0;
        }
        assertThat(platform.net.pings).isPositive();
        assertThat(awake).as("a round trip for each ping").isBetween(1L, platform.net.pings * 200L);
    }

    @Test
    void aPingIsAwaitedUntilItsTimeIsOver() {
        online();
        net.dark = true;
        phone.woke();
        loop.advance(1_000);
        assertThat(loop.awaited()).isPositive();
        loop.advance(13_000);
        assertThat(loop.awaited()).as("a spare wire and the verdict").isEqualTo(2);
        isAskedForNoLongerThan(45_000);
    }

    @Test
    void aDialIsAwaitedUntilTheRoundIsLost() {
        net.dark = true;
        phone.start();
        loop.advance(100);
        assertThat(loop.awaited()).isEqualTo(1);
        isAskedForNoLongerThan(25_000);
        assertThat(status()).isEqualTo(PhoneStatus.Stage.WAITING);
    }

    @Test
    void theAnswerToConnectIsAwaitedUntilItIsThere() {
        platform.net.mute = true;
        phone.start();
        loop.advance(5_000);
        assertThat(loop.awaited()).as("CONNECT_ACK").isEqualTo(1);
        isAskedForNoLongerThan(15_000);

        platform.net.mute = false;
        loop.advance(60_000);
        assertThat(status()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void aRefusalIsAnAnswer() {
        platform.net.answer = ConnectAck.newBuilder().setCode(Code.BUSY).setRetryAfterMs(300_000).build();
        phone.start();
        loop.advance(2_000);
        assertThat(platform.net.connects).hasSize(1);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void theAnswerToABindIsAwaitedUntilItIsThereOrTheConnectionEnds() throws IOException {
        online();
        platform.net.holdBinds = true;
        phone.add(OTHER_APP, "", store.app(8), Runnable::run, (message, again) -> true);
        loop.advance(2_000);
        assertThat(loop.awaited()).isEqualTo(1);
        platform.net.cut();
        loop.advance(1);
        assertThat(loop.awaited()).as("closed").isZero();
        platform.net.holdBinds = false;
        loop.advance(60_000);
        assertThat(platform.heard.bound).hasSize(2);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void theAnswerToAProfileIsAwaitedUntilItIsThere() {
        online();
        int timers = loop.waiting();
        platform.net.profileCode = Code.OK;
        wish();
        loop.advance(50);
        assertThat(loop.awaited()).isEqualTo(1);
        loop.advance(100);
        assertThat(settled).containsExactly(AppProfile.Outcome.APPLIED);
        assertThat(loop.awaited()).isZero();
        assertThat(loop.waiting()).as("its limit is taken back").isEqualTo(timers);
    }

    @Test
    void theAnswerToAProfileIsAwaitedUntilItsTimeIsOverOrTheConnectionEnds() {
        online();
        wish();
        loop.advance(14_900);
        assertThat(loop.awaited()).isEqualTo(1);
        loop.advance(200);
        assertThat(loop.awaited()).as("15 s on cell, then a pause").isZero();
        loop.advance(1_000);
        assertThat(platform.net.profiles).isEqualTo(2);
        assertThat(loop.awaited()).isEqualTo(1);
        platform.net.cut();
        loop.advance(1);
        assertThat(loop.awaited()).as("closed").isZero();
        platform.net.profileCode = Code.OK;
        loop.advance(60_000);
        assertThat(settled).containsExactly(AppProfile.Outcome.APPLIED);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void theDispatcherIsAwaitedUntilItAnswersAMinuteAtMost() {
        slowDispatcher = true;
        phone.start();
        loop.advance(1_000);
        assertThat(loop.awaited()).isEqualTo(1);
        slowDispatcher = false;
        answerCalls();
        loop.advance(10_000);
        assertThat(status()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void aDispatcherThatNeverAnswersIsAwaitedForAMinute() {
        slowDispatcher = true;
        phone.start();
        isAskedForNoLongerThan(60_001);
    }

    @Test
    void aDispatcherThatFailsHasAnswered() {
        platform.dispatcher.dead = true;
        phone.start();
        loop.advance(200);
        assertThat(platform.dispatcher.registrations).isPositive();
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void nothingIsAwaitedWithoutANetwork() {
        slowDispatcher = true;
        phone.start();
        loop.advance(1_000);
        phone.network(Network.NONE);
        assertThat(loop.awaited()).as("the dispatcher").isZero();
        slowDispatcher = false;
        answerCalls();

        phone.network(CELL);
        net.dark = true;
        loop.advance(3_000);
        assertThat(loop.awaited()).as("a dial").isEqualTo(1);
        phone.network(Network.NONE);
        assertThat(loop.awaited()).isZero();

        net.dark = false;
        platform.net.mute = true;
        phone.network(OTHER);
        int dials = net.dials;
        while (net.dials == dials) {
            loop.advance(10);
        }
        loop.advance(1_000);
        assertThat(loop.awaited()).as("CONNECT").isEqualTo(1);
        phone.network(Network.NONE);
        assertThat(loop.awaited()).isZero();
    }

    @Test
    void nothingIsAwaitedAfterTheEnd() {
        online();
        net.dark = true;
        phone.woke();
        loop.advance(15_000);
        slowDispatcher = true;
        assertThat(loop.awaited()).isPositive();
        phone.stop();
        assertThat(loop.awaited()).isZero();
        loop.advance(60_000);
        assertThat(loop.awaited()).isZero();
    }

    private void online() {
        phone.start();
        loop.advance(60_000);
        assertThat(status()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(loop.awaited()).isZero();
    }

    private void wish() {
        phone.wish(app, List.of(Wish.newBuilder().setKind(WishKind.WISH_TAG).setName("gold").build()),
                (outcome, reason) -> settled.add(outcome));
    }

    private void isAskedForNoLongerThan(long millis) {
        long until = loop.elapsedMillis() + millis;
        while (loop.awaited() > 0) {
            assertThat(loop.elapsedMillis()).isLessThan(until);
            loop.advance(10);
        }
    }

    private void answerCalls() {
        for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
            call.run();
        }
        loop.advance(1);
    }

    private PhoneStatus.Stage status() {
        return platform.heard.last().stage();
    }
}
