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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A phone through virtual days, without sockets: how often it tries, and when it stops trying. */
class PhoneTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final long HOUR = 3_600_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final VirtualPlatform.FakeNet net = platform.net;
    private final VirtualPlatform.FakeAsked dispatcher = platform.dispatcher;
    private final VirtualPlatform.Heard heard = platform.heard;
    private final List<AppProfile.Outcome> outcomes = new ArrayList<>();
    @AutoClose
    private @Nullable PhoneStore store;
    private @Nullable Phone asked;
    private @Nullable App app;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
    }

    @Test
    void asksADeadDispatcherNoMoreOftenThanTheBackoffAllows() throws IOException {
        dispatcher.dead = true;
        phone().start();

        loop.advance(24 * HOUR);

        assertThat(dispatcher.registrations).isBetween(1_000, 4_000);
        int before = dispatcher.registrations;
        dispatcher.dead = false;
        loop.advance(120_000);
        assertThat(dispatcher.registrations).isEqualTo(before + 1);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void aNetworkThatComesAndGoesAsksADeadDispatcherNoMoreOften() throws IOException {
        dispatcher.dead = true;
        Phone phone = phone();
        phone.start();
        for (int second = 0; second < 3_600; second++) {
            phone.network(second % 2 == 0 ? Network.NONE : Network.of(NetType.NET_WIFI, "tunnel"));
            loop.advance(1_000);
        }
        assertThat(dispatcher.registrations).isBetween(30, 200);
        dispatcher.dead = false;
        loop.advance(120_000);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void networksThatTakeTurnsAskADeadDispatcherNoMoreOften() throws IOException {
        dispatcher.dead = true;
        Phone phone = phone();
        phone.start();
        for (int second = 0; second < 3_600; second++) {
            phone.network(Network.of(NetType.NET_WIFI, second % 2 == 0 ? "here" : "there"));
            loop.advance(1_000);
        }
        assertThat(dispatcher.registrations).isBetween(100, 250);
    }

    @Test
    void aNewInstallIsRegisteredSoonAfterThePortalLetItThrough() throws IOException {
        dispatcher.dead = true;
        Network portal = Network.of(NetType.NET_WIFI, "hotel").validated(false);
        Phone phone = phone();
        phone.network(portal);
        phone.start();
        loop.advance(HOUR);
        assertThat(dispatcher.registrations).as("each 100 s").isLessThanOrEqualTo(40);
        dispatcher.dead = false;
        phone.network(portal.validated(true));
        loop.advance(3_000);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void dialsADeadRoomNoMoreOftenThanTheBackoffAllows() throws IOException {
        net.dead = true;
        phone().start();

        loop.advance(24 * HOUR);

        assertThat(net.dials).isBetween(100, 600);
        assertThat(dispatcher.roomQuestions).isBetween(50, 24 * 60);
    }

    @Test
    void aRoomThatDropsEveryoneAfterLoginIsNotHammered() throws IOException {
        net.dropAfterLogin = true;
        phone().start();

        loop.advance(24 * HOUR);

        assertThat(net.dials).isBetween(100, 600);
    }

    @Test
    void sitsStillForADayWithoutAnythingToDo() throws IOException {
        phone().start();
        loop.advance(24 * HOUR);

        assertThat(net.dials).isEqualTo(1);
        assertThat(net.pings).as("the ladder's top is 885 s").isBetween(97, 105);
        assertThat(dispatcher.roomQuestions).isEqualTo(1);
    }

    @Test
    void whatEverDropsItAPhoneThatNobodyLooksAtBeginsThirtyConnectionsAnHour() throws IOException {
        phone().start();
        for (int i = 0; i < 3_600; i++) {
            loop.advance(1_000);
            if (i % 30 == 29) {
                net.cut();
            }
        }
        assertThat(net.dials).isBetween(10, 31);
    }

    @Test
    void comesBackWithinTheWindowTheServerTold() throws IOException {
        phone().start();
        loop.advance(HOUR);
        net.cut();

        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.WAITING);
        assertThat(heard.last().waitMillis()).isBetween(0L, 20_000L);
        loop.advance(20_000);
        assertThat(net.dials).isEqualTo(2);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void staysAwayAsLongAsABusyRoomAsksWhenThereIsNoOther() throws IOException {
        net.answer = ConnectAck.newBuilder().setCode(Code.BUSY).setRetryAfterMs(300_000).build();
        phone().start();
        loop.advance(1);
        assertThat(net.dials).isEqualTo(1);

        loop.advance(299_000);
        assertThat(net.dials).isEqualTo(1);
        net.answer = null;
        loop.advance(60_000);
        assertThat(net.dials).isEqualTo(2);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @Test
    void followsARedirectAtOnceButNotInACircle() throws IOException {
        net.answer = ConnectAck.newBuilder().setCode(Code.REDIRECT).addAlternates(io.longwire.device.v1.Address
                .newBuilder().setHost("elsewhere").setPort(443)).build();
        phone().start();
        loop.advance(2);
        assertThat(net.dialled).contains("tls://elsewhere:443");

        loop.advance(HOUR);
        assertThat(net.dials).isLessThan(60);
    }

    @Test
    void saysHowWellItCanBeWokenInConnectAndTellsWhatChanges() throws IOException {
        Phone phone = phone();
        phone.capability(3);
        phone.start();
        loop.advance(1_000);
        assertThat(net.connects).extracting(Connect::getCapability).containsExactly(3);
        assertThat(net.capabilities).isEmpty();

        phone.capability(2);
        phone.capability(2);
        loop.advance(1_000);
        assertThat(net.capabilities).containsExactly(2);

        net.cut();
        phone.capability(1);
        loop.advance(30_000);
        assertThat(net.connects).extracting(Connect::getCapability).containsExactly(3, 1);
        assertThat(net.capabilities).containsExactly(2);
    }

    @Test
    void everyBindingHasAHigherSequenceThanAllBefore() throws IOException {
        Phone phone = phone();
        phone.foreground(true);
        phone.start();
        for (int i = 0; i < 50; i++) {
            loop.advance(100_000);
            net.cut();
        }
        loop.advance(100_000);
        assertThat(net.sequences).hasSizeGreaterThan(40).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void repeatsAProfileThatNobodyAnswersNoMoreOftenThanTheBackoffAllows() throws IOException {
        phone().start();
        wish("gold");
        loop.advance(24 * HOUR);
        assertThat(net.profiles).isBetween(200, 300);

        net.profileCode = Code.OK;
        loop.advance(600_000);
        assertThat(outcomes).containsExactly(AppProfile.Outcome.APPLIED);
    }

    @Test
    void sendsAProfileOnTheNextConnectionWithoutWaiting() throws IOException {
        phone().start();
        wish("gold");
        loop.advance(1_000);
        assertThat(net.profiles).isEqualTo(1);

        net.profileCode = Code.OK;
        net.cut();
        loop.advance(30_000);
        assertThat(net.profiles).isEqualTo(2);
        assertThat(outcomes).containsExactly(AppProfile.Outcome.APPLIED);
    }

    @Test
    void aRoomThatDoesNotKnowProfilesIsLeftAloneForAnHourAndStillServes() throws IOException {
        net.profileCode = Code.UNSUPPORTED;
        phone().start();
        wish("gold");
        loop.advance(55 * 60_000);
        assertThat(net.profiles).isEqualTo(1);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);

        net.profileCode = Code.OK;
        loop.advance(HOUR);
        assertThat(outcomes).containsExactly(AppProfile.Outcome.APPLIED);
    }

    private void wish(String tag) {
        loop.advance(1_000);
        Objects.requireNonNull(asked).wish(Objects.requireNonNull(app),
                List.of(Wish.newBuilder().setKind(WishKind.WISH_TAG).setName(tag).build()),
                (outcome, reason) -> outcomes.add(outcome));
    }

    @Test
    void stopsForGood() throws IOException {
        Phone phone = phone();
        phone.start();
        loop.advance(HOUR);
        phone.stop();
        loop.advance(24 * HOUR);

        assertThat(net.dials).isEqualTo(1);
        assertThat(heard.last().stage()).isEqualTo(PhoneStatus.Stage.STOPPED);
    }

    private Phone phone() throws IOException {
        PhoneStore open = Objects.requireNonNull(store);
        Phone phone = platform.phone(net, open);
        asked = phone;
        app = phone.add(APP, "", open.app(7), Runnable::run, (message, again) -> true);
        return phone;
    }
}
