package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.FrameType;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.NetType;
import io.longwire.device.v1.Push;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows of decision 26 that several classes keep together. */
class PolicyRowsTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final long MINUTE = 60_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final VirtualPlatform.FakeNet net = platform.net;
    private final List<Long> shown = new ArrayList<>();
    @AutoClose
    private @Nullable PhoneStore store;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
    }

    @Test
    void aNewConfigEpochForgetsWhatIsBlocked() throws IOException {
        KnownNetworks before = new KnownNetworks(parts(), new Random(1));
        before.of(WIFI).ladder().ok(7);
        before.of(WIFI).ladder().bad(8, loop.elapsedMillis());
        before.of(WIFI).ladder().bad(8, loop.elapsedMillis());
        before.changed();
        before.close();
        net.configEpoch = 4;
        Phone phone = phone();
        phone.network(WIFI);
        phone.start();
        loop.advance(1_000);
        assertThat(lastConnect().getHb().getBadS()).isEqualTo(885);

        reconnect();
        assertThat(lastConnect().getHb().getBadS()).as("the epoch is the same").isEqualTo(885);
        net.configEpoch = 5;
        reconnect();
        reconnect();
        assertThat(lastConnect().getHb().getBadS()).isZero();
        assertThat(lastConnect().getHb().getOkS()).as("what works is not forgotten").isEqualTo(585);
    }

    @Test
    void theMoreRoundsHaveFailedTheHigherTheAttemptUntilTheDispatcherNamesAnotherDataCentre() throws IOException {
        platform.dispatcher.lists = attempt -> attempt < 3 ? rooms("north", 4) : rooms("south", 4);
        for (int i = 0; i < 4; i++) {
            net.deadHosts.add("north-" + i);
        }
        phone().start();
        loop.advance(60 * MINUTE);

        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(platform.heard.last().room()).contains("south-");
        List<Integer> attempts = platform.dispatcher.attempts;
        assertThat(attempts).isSorted().startsWith(0);
        assertThat(attempts.get(attempts.size() - 1)).isGreaterThanOrEqualTo(3);

        attempts.clear();
        for (int i = 0; i < 4; i++) {
            net.deadHosts.add("south-" + i);
        }
        net.cut();
        loop.advance(10 * MINUTE);
        // The first question is before the first round when the list was in doubt already, else after it has failed.
        assertThat(attempts).as("one that accepted us begins the count anew").isSorted().first().isIn(0, 1);
    }

    @Test
    void aRoomThatAsksToBeLeftIsLeftWithinItsTimesAndDeliversUntilThen() throws IOException {
        platform.dispatcher.lists = attempt -> rooms("north", 8);
        phone().start();
        loop.advance(MINUTE);
        List<Long> waits = new ArrayList<>();
        long message = 0;
        for (int move = 0; move < 40; move++) {
            int connects = net.connects.size();
            long asked = loop.elapsedMillis();
            net.send(FrameType.GOAWAY, GoAway.newBuilder().setDelayMinMs(10_000).setDelayMaxMs(60_000)
                    .setDrainMs(90_000).build());
            long seq = 0;
            while (net.connects.size() == connects && loop.elapsedMillis() < asked + 5 * MINUTE) {
                net.send(FrameType.PUSH, push(++message, ++seq));
                loop.advance(999);
            }
            waits.add(loop.elapsedMillis() - asked);
            loop.advance(3 * MINUTE); // moves have a budget
        }
        assertThat(waits).allMatch(wait -> wait >= 10_000 && wait <= 62_000);
        assertThat(waits).as("spread, for all phones of a room are asked at once").anyMatch(wait -> wait < 25_000)
                .anyMatch(wait -> wait > 45_000);
        assertThat(shown).as("the old connection delivers").hasSize((int) message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void roomsThatSendAPhoneRoundCostItNoMoreThanTheBudgetOfMoves(boolean looks) throws IOException {
        platform.dispatcher.lists = attempt -> rooms("north", 8);
        Phone phone = phone();
        phone.foreground(looks);
        phone.start();
        loop.advance(MINUTE);
        net.send(FrameType.GOAWAY, GoAway.getDefaultInstance());
        loop.advance(1_000);
        assertThat(net.connects).as("the first at once").hasSize(2);

        for (int second = 0; second < 3_500; second++) {
            net.send(FrameType.GOAWAY, GoAway.getDefaultInstance());
            loop.advance(1_000);
            assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        }
        assertThat(net.connects).as("20 an hour").hasSizeBetween(15, 20);

        net.cut();
        loop.advance(MINUTE);
        assertThat(platform.heard.last().stage()).as("some are left").isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    @ParameterizedTest
    @CsvSource({"true, 0, 1", "true, 8, 1", "false, 0, 0", "true, 10, 0"})
    void aSpareWireIsMadeOnlyWhereThereIsInternetAndBudgetLeft(boolean validated, int moves, int spares)
            throws IOException {
        platform.dispatcher.lists = attempt -> rooms("north", 8);
        Phone phone = phone();
        phone.network(WIFI.validated(validated));
        phone.start();
        loop.advance(2 * MINUTE);
        for (int i = 0; i < moves; i++) {
            phone.move();
            loop.advance(1_000);
        }
        assertThat(net.connects).hasSize(1 + moves);
        net.backlog();
        net.mute = true;
        int dials = net.dials;
        loop.advance(240_000 + 14_000); // in doubt since 5 s, and dead in one

        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(net.dials - dials).isEqualTo(spares);
    }

    @Test
    void ofTwoThatOpenAtOnceTheLoserHasNoMarkInItsHistory() throws IOException {
        List<Dialer.DialListener> out = new ArrayList<>();
        Parts parts = parts((address, timeoutMillis, listener) -> {
            out.add(listener);
            return () -> {
            };
        });
        KnownNetworks networks = new KnownNetworks(parts, new Random(1));
        List<Address> won = new ArrayList<>();
        Dials dials = new Dials(parts, networks, new Dials.Events() {
            @Override
            public void onWire(Address address, Dialer.OpenWire wire, long took) {
                won.add(address);
            }

            @Override
            public void onNoWire(List<String> reasons) {
                throw new AssertionError(reasons);
            }
        });
        Address a = Address.of("a", ByteString.EMPTY, 443, true);
        Address b = Address.of("b", ByteString.EMPTY, 443, true);
        dials.begin(List.of(a, b), WIFI, true);
        loop.advance(3_000);
        Silent first = new Silent();
        Silent second = new Silent();
        out.get(1).onOpen(second);
        out.get(0).onOpen(first);
        loop.advance(MINUTE);

        assertThat(won).containsExactly(b);
        assertThat(first.closed).isTrue();
        assertThat(second.closed).isFalse();
        assertThat(first.sent + second.sent).isZero();
        assertThat(networks.of(WIFI).save(0, 0).getRoutesList()).isEmpty();
    }

    /** A wire on which nothing happens. */
    private static final class Silent implements Dialer.OpenWire {
        int sent;
        boolean closed;

        @Override
        public void start(Listener listener) {
            sent++;
        }

        @Override
        public boolean send(byte[] bytes) {
            sent++;
            return true;
        }

        @Override
        public void close(long lingerMillis) {
            closed = true;
        }
    }

    private void reconnect() {
        loop.advance(MINUTE);
        int connects = net.connects.size();
        net.cut();
        loop.advance(MINUTE);
        assertThat(net.connects).hasSize(connects + 1);
    }

    private Connect lastConnect() {
        return net.connects.get(net.connects.size() - 1);
    }

    private Push push(long message, long seq) {
        return Push.newBuilder().setSeq(seq).setEndpointId(99).setAppId(7).setMessageId(message)
                .setExpireAtMs(loop.wallMillis() + 3_600_000).build();
    }

    private static Rooms rooms(String idc, int count) {
        Rooms.Builder rooms = Rooms.newBuilder().setTtlS(86_400);
        for (int i = 0; i < count; i++) {
            rooms.addRooms(RoomAddress.newBuilder().setHost(idc + "-" + i).setPort(443).setTls(true).setIdc(idc));
        }
        return rooms.build();
    }

    private Parts parts() {
        return parts(net);
    }

    private Parts parts(Dialer dialer) {
        return platform.parts(dialer, Objects.requireNonNull(store));
    }

    private Phone phone() throws IOException {
        PhoneStore open = Objects.requireNonNull(store);
        Phone phone = platform.phone(net, open);
        phone.add(APP, "", open.app(7), Runnable::run, (message, again) -> shown.add(message.push().getMessageId()));
        return phone;
    }
}
