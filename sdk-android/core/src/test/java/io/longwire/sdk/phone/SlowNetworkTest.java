package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.NetType;
import io.longwire.device.v1.Uplink;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What an app sends over networks that take a second for each kilobyte, and how soon a dead one is found by it. */
class SlowNetworkTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final String OTHER_APP = "ak_8_000102030405060708090a0b0c0d0e0f";
    private static final long DAY = 86_400_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final WeakNet net = new WeakNet(loop, platform.net);
    private final List<AppUplinks.Outcome> outcomes = new ArrayList<>();
    private final List<AppProfile.Outcome> settled = new ArrayList<>();
    private PhoneStore store;
    private @Nullable Phone phone;
    private @Nullable App app;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        platform.net.uplinkCode = Code.OK;
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"NET_CELL_2G, 1000, 700, true", "NET_CELL_2G, 1000, 700, false", "NET_CELL_3G, 1000, 2500, true",
            "NET_CELL_4G, 4000, 100, true", "NET_CELL_4G, 4000, 100, false", "NET_WIFI, 12000, 50, true"})
    void fourLargeUplinksAreEachSentOnceOverOneConnection(NetType type, long bytesPerSecond, long rtt, boolean looks)
            throws IOException {
        net.rttMillis = rtt;
        net.upBytesPerSecond = bytesPerSecond;
        online(type, looks);
        int dials = net.dials;
        for (int i = 0; i < 4; i++) {
            send(Limits.UPLINK_BYTES);
        }
        loop.advance(10 * 60_000);

        assertThat(platform.net.uplinks).extracting(Uplink::getSeq).hasSize(4).doesNotHaveDuplicates();
        assertThat(outcomes).hasSize(4).containsOnly(AppUplinks.Outcome.DURABLE);
        assertThat(platform.net.connects).hasSize(1);
        assertThat(net.dials).as("nor was the connection in doubt").isEqualTo(dials);
    }

    @ParameterizedTest
    @CsvSource({"1000", "13000", "40000"})
    void thatSomebodyLooksInTheMiddleOfItEndsNoConnection(long after) throws IOException {
        net.rttMillis = 700;
        net.upBytesPerSecond = 1_000;
        online(NetType.NET_CELL_2G, false);
        for (int i = 0; i < 4; i++) {
            send(Limits.UPLINK_BYTES);
        }
        loop.advance(after);
        Objects.requireNonNull(phone).foreground(true);
        loop.advance(10 * 60_000);

        assertThat(platform.net.uplinks).hasSize(4);
        assertThat(platform.net.connects).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(value = NetType.class, names = {"NET_WIFI", "NET_CELL_4G", "NET_CELL_5G"})
    void aDeadLinkIsFoundTenSecondsAfterASmallUplinkInTheForeground(NetType type) throws IOException {
        net.rttMillis = 100;
        online(type, true);
        net.forgetLinks();
        send(1_000);
        loop.advance(9_900);

        assertThat(platform.net.connects).hasSize(2);
        loop.advance(100);
        assertThat(outcomes).containsExactly(AppUplinks.Outcome.DURABLE);
        assertThat(platform.net.uplinks).hasSize(1);
    }

    @Test
    void aDeadSlowLinkIsFoundOnceALargeUplinkCouldHaveBeenAnswered() throws IOException {
        net.rttMillis = 700;
        net.upBytesPerSecond = 1_000;
        online(NetType.NET_CELL_2G, true);
        net.forgetLinks();
        send(Limits.UPLINK_BYTES);

        loop.advance(16_400 + 1_500 + 14_900);
        assertThat(platform.net.connects).hasSize(1);
        loop.advance(4_000);
        assertThat(platform.net.connects).hasSize(2);
        loop.advance(60_000);
        assertThat(outcomes).containsExactly(AppUplinks.Outcome.DURABLE);
        assertThat(platform.net.uplinks).hasSize(1);
    }

    @Test
    void whatTheRoomHasAnsweredIsNotWaitedForAgain() throws IOException {
        net.rttMillis = 100;
        online(NetType.NET_CELL_3G, true); // one of those that are faster than their kind
        for (int i = 0; i < 4; i++) {
            send(Limits.UPLINK_BYTES);
        }
        loop.advance(1_000);
        assertThat(outcomes).hasSize(4);
        net.forgetLinks();
        send(100);
        loop.advance(18_000);

        assertThat(platform.net.connects).hasSize(2);
    }

    @Test
    void aDeadLinkIsFoundByAnUplinkInTheBackgroundToo() throws IOException {
        net.rttMillis = 100;
        online(NetType.NET_WIFI, false);
        loop.advance(100_000);
        net.forgetLinks();
        send(100);

        loop.advance(26_000); // twice its time, a pause, and most of a ping's
        assertThat(platform.net.connects).hasSize(1);
        loop.advance(1_200);
        assertThat(platform.net.connects).hasSize(2);
        loop.advance(1_000);
        assertThat(outcomes).containsExactly(AppUplinks.Outcome.DURABLE);
    }

    @Test
    void whatTakesLongerThanItsTimeEndsAllTheSame() throws IOException {
        net.rttMillis = 100;
        net.upBytesPerSecond = 900; // 18 s for what has 1 to leave and 10 to be answered
        online(NetType.NET_WIFI, false);
        send(Limits.UPLINK_BYTES);
        loop.advance(5 * 60_000);

        assertThat(outcomes).containsExactly(AppUplinks.Outcome.DURABLE);
        assertThat(platform.net.connects).hasSize(1);
    }

    @Test
    void aRoomThatTakesNoUplinksButAnswersPingsIsNotLeft() throws IOException {
        net.rttMillis = 100;
        platform.net.uplinkCode = -1;
        online(NetType.NET_WIFI, false);
        int dials = net.dials;
        send(100);
        loop.advance(3_600_000);

        assertThat(platform.net.uplinks).hasSizeBetween(10, 30);
        assertThat(platform.net.connects).hasSize(1);
        assertThat(net.dials).isEqualTo(dials);
    }

    @ParameterizedTest
    @CsvSource({"NET_CELL_2G, 1000, 700, true", "NET_CELL_2G, 1000, 700, false", "NET_CELL_3G, 1000, 2500, true",
            "NET_CELL_4G, 4000, 100, false", "NET_WIFI, 12000, 50, true"})
    void aProfileBehindLargeUplinksIsSentOnce(NetType type, long bytesPerSecond, long rtt, boolean looks)
            throws IOException {
        net.rttMillis = rtt;
        net.upBytesPerSecond = bytesPerSecond;
        platform.net.profileCode = Code.OK;
        online(type, looks);
        for (int i = 0; i < 4; i++) {
            send(Limits.UPLINK_BYTES);
        }
        wish("gold");
        loop.advance(10 * 60_000);

        assertThat(settled).containsExactly(AppProfile.Outcome.APPLIED);
        assertThat(platform.net.profiles).isEqualTo(1);
        assertThat(platform.net.connects).hasSize(1);
    }

    @Test
    void theLateAnswerToAProfileCounts() throws IOException {
        net.rttMillis = 100;
        net.upBytesPerSecond = 900; // 18 s for what has 1 to leave and 10 to be answered
        platform.net.profileCode = Code.OK;
        online(NetType.NET_WIFI, false);
        send(Limits.UPLINK_BYTES);
        wish("gold");
        loop.advance(15_000);
        assertThat(settled).as("its time is over, and it was sent again behind the first").isEmpty();
        assertThat(platform.net.profiles).isZero();
        loop.advance(5_000);

        assertThat(settled).containsExactly(AppProfile.Outcome.APPLIED);
        assertThat(platform.net.profiles).isEqualTo(1);
        loop.advance(5 * 60_000);
        assertThat(platform.net.profiles).isEqualTo(2);
        assertThat(settled).hasSize(1);
        assertThat(platform.net.connects).hasSize(1);
    }

    @Test
    void aDeadLinkIsFoundByAProfileInTheBackgroundToo() throws IOException {
        net.rttMillis = 100;
        platform.net.profileCode = Code.OK;
        online(NetType.NET_WIFI, false);
        loop.advance(100_000);
        net.forgetLinks();
        wish("gold");

        loop.advance(26_500); // twice its time, a pause, and most of a ping's
        assertThat(platform.net.connects).hasSize(1);
        loop.advance(1_500);
        assertThat(platform.net.connects).hasSize(2);
        assertThat(settled).containsExactly(AppProfile.Outcome.APPLIED);
    }

    @ParameterizedTest
    @CsvSource({"NET_CELL_2G, 1000, 700, true", "NET_CELL_2G, 1000, 700, false", "NET_CELL_3G, 1000, 2500, true",
            "NET_CELL_4G, 4000, 100, false", "NET_WIFI, 12000, 50, true"})
    void anAppThatComesBehindLargeUplinksIsBoundOnThatConnection(NetType type, long bytesPerSecond, long rtt,
            boolean looks) throws IOException {
        net.rttMillis = rtt;
        net.upBytesPerSecond = bytesPerSecond;
        online(type, looks);
        int dials = net.dials;
        for (int i = 0; i < 4; i++) {
            send(Limits.UPLINK_BYTES);
        }
        addOther();
        loop.advance(10 * 60_000);

        assertThat(platform.heard.bound).containsExactlyInAnyOrder(8L, 99L);
        assertThat(platform.net.binds).hasSize(1);
        assertThat(platform.net.connects).hasSize(1);
        assertThat(net.dials).as("nor was the connection in doubt").isEqualTo(dials);
    }

    @ParameterizedTest
    @CsvSource({"NET_WIFI, 10000", "NET_CELL_4G, 15000", "NET_CELL_2G, 30000"})
    void aBindThatIsNotAnsweredMakesAPingFirst(NetType type, long millis) throws IOException {
        net.rttMillis = 100;
        platform.net.holdBinds = true;
        online(type, false);
        addOther();
        loop.advance(1_000);
        assertThat(platform.net.binds).hasSize(1);
        int pings = platform.net.pings;
        loop.advance(millis - 2_000);
        assertThat(platform.net.pings).isEqualTo(pings);
        loop.advance(2_000);
        assertThat(platform.net.pings).isEqualTo(pings + 1);

        platform.net.bindAck(BindAck.newBuilder().setReqId(platform.net.binds.get(0).getReqId())
                .addResults(BindResult.newBuilder().setEndpointId(8).setConnSeq(1)).build());
        loop.advance(10 * 60_000);
        assertThat(platform.heard.bound).as("late, and no worse").containsExactlyInAnyOrder(8L, 99L);
        assertThat(platform.net.connects).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"NET_WIFI, 20000", "NET_CELL_4G, 30000", "NET_CELL_2G, 60000"})
    void aRoomThatAnswersPingsAndNoBindIsLeftAfterTwiceItsTime(NetType type, long millis) throws IOException {
        net.rttMillis = 100;
        platform.net.holdBinds = true;
        online(type, false);
        addOther();
        loop.advance(millis - 1_000);
        assertThat(platform.heard.bound).contains(99L);
        assertThat(platform.net.connects).hasSize(1);
        platform.net.dead = true; // so that it does not come back at once
        loop.advance(4_000);
        assertThat(platform.heard.bound).isEmpty();
        platform.net.dead = false;
        loop.advance(2 * 60_000);
        assertThat(platform.heard.bound).as("by CONNECT").containsExactlyInAnyOrder(8L, 99L);
    }

    private void addOther() throws IOException {
        Objects.requireNonNull(phone).add(OTHER_APP, "", store.app(8), Runnable::run, (message, again) -> true);
    }

    private void online(NetType type, boolean looks) throws IOException {
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, looks, false, 0, 0);
        Phone made = new Phone(loop, net, platform.dispatcher, Runnable::run, store, settings, platform.heard);
        app = made.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
        made.network(Network.of(type, "310 260"));
        made.start();
        phone = made;
        loop.advance(260_000); // so a ping has measured it
        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    private void wish(String tag) {
        Objects.requireNonNull(phone).wish(Objects.requireNonNull(app),
                List.of(Wish.newBuilder().setKind(WishKind.WISH_TAG).setName(tag).build()),
                (outcome, reason) -> settled.add(outcome));
    }

    private void send(int bytes) {
        Objects.requireNonNull(phone).send(Objects.requireNonNull(app), "order", ByteString.copyFrom(new byte[bytes]),
                DAY, (outcome, reason) -> outcomes.add(outcome));
    }
}
