package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.RetryPolicy;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.NetType;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.BootstrapList;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Which addresses are tried, in which order, and what is remembered of them. */
class RoutesTest {
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");
    private static final long MINUTE = 60_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final Random random = new Random(3);
    private BootstrapList bootstrap = BootstrapList.empty();
    @AutoClose
    private PhoneStore store;
    private KnownNetworks networks;
    private Routes routes;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        begin();
    }

    private void begin() {
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0, bootstrap);
        Parts parts = platform.parts(platform.net, store, settings);
        networks = new KnownNetworks(parts, random);
        routes = new Routes(parts, networks.of(WIFI), random);
    }

    @Test
    void neighboursDifferInHostAndPortAndTheThirdStandsElsewhere() {
        List<Address> order = RouteOrder.scattered(List.of(at("a", 443, "north"), at("a", 8443, "north"),
                at("b", 443, "north"), at("b", 8443, "north"), at("c", 443, "south")));

        assertThat(names(order)).containsExactly("a:443", "b:8443", "c:443", "a:8443", "b:443");
    }

    @Test
    void keepsTheOrderWhereItCannotScatter() {
        List<Address> order = RouteOrder.scattered(List.of(at("a", 1, ""), at("a", 2, ""), at("a", 3, "")));
        assertThat(names(order)).containsExactly("a:1", "a:2", "a:3");
    }

    @Test
    void theRoomThatParksTheSessionComesFirstThenWhatWasGoodHere() throws IOException {
        list(room("x", "north"), room("y", "south"));
        routes.connected(at("home", 443, ""), ConnectAck.getDefaultInstance());
        routes.network(networks.of(CELL));
        routes.connected(at("mast", 443, ""), ConnectAck.newBuilder()
                .addAlternates(io.longwire.device.v1.Address.newBuilder().setHost("told").setPort(8443)).build());
        assertThat(names(routes.candidates())).containsExactly("mast:443", "told:8443", "x:443", "y:443");

        routes.network(networks.of(WIFI));
        assertThat(names(routes.candidates())).startsWith("mast:443").contains("home:443");
    }

    @Test
    void leavesOutWhatIsBannedOnThisNetworkWhileTwoOthersRemain() throws IOException {
        list(room("x", ""), room("y", ""), room("z", ""));
        ban(networks.of(WIFI), "x");
        assertThat(names(routes.candidates())).doesNotContain("x:443").hasSize(2);
        routes.network(networks.of(CELL));
        assertThat(names(routes.candidates())).contains("x:443");

        routes.network(networks.of(WIFI));
        ban(networks.of(WIFI), "y");
        assertThat(names(routes.candidates())).as("a ban must not leave fewer than two").hasSize(3);
        loop.advance(31 * MINUTE);
        assertThat(names(routes.candidates())).containsExactly("x:443", "y:443", "z:443");
    }

    @Test
    void triesLastWhatIsToBeAvoided() throws IOException {
        list(room("x", ""), room("y", ""));
        routes.connected(at("x", 443, ""), ConnectAck.getDefaultInstance());
        routes.avoid(at("x", 443, ""), MINUTE);
        assertThat(names(routes.candidates())).containsExactly("y:443", "x:443");
        assertThat(names(routes.alternatives())).containsExactly("y:443");
        loop.advance(MINUTE);
        assertThat(names(routes.candidates())).containsExactly("x:443", "y:443");
    }

    @Test
    void asksForAListThatIsOldOrAnotherNetworks() throws IOException {
        assertThat(routes.isListWanted()).isTrue();
        list(room("x", ""));
        assertThat(routes.isListWanted()).isFalse();
        routes.network(networks.of(CELL));
        assertThat(routes.isListWanted()).isTrue();
        routes.network(networks.of(WIFI));
        loop.advance(280 * MINUTE);
        assertThat(routes.isListWanted()).isFalse();
        loop.advance(160 * MINUTE);
        assertThat(routes.isListWanted()).isTrue();
    }

    @Test
    void asksTheDispatcherNoMoreOftenThanEachMinuteOrAsItSays() throws IOException {
        assertThat(routes.askWaitMillis()).isZero();
        list(room("x", ""));
        assertThat(routes.askWaitMillis()).isEqualTo(MINUTE);
        loop.advance(MINUTE);
        assertThat(routes.askWaitMillis()).isZero();

        routes.rooms(askAgainAfter(300_000));
        assertThat(routes.askWaitMillis()).isEqualTo(5 * MINUTE);
        routes.rooms(askAgainAfter(-1));
        assertThat(routes.askWaitMillis()).as("an absurd one").isEqualTo(60 * MINUTE);
    }

    @Test
    void aListIsGoodForSixHoursAFifthMoreOrLessSoThatPhonesAskApart() throws IOException {
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int phone = 0; phone < 300; phone++) {
            list(room("x", ""));
            long life = store.phone().getRoomsUntilMs() - loop.wallMillis();
            shortest = Math.min(shortest, life);
            longest = Math.max(longest, life);
        }
        assertThat(shortest).isBetween(288 * MINUTE, 292 * MINUTE);
        assertThat(longest).isBetween(428 * MINUTE, 432 * MINUTE);
    }

    @Test
    void takesEightAddressesOfAList() throws IOException {
        RoomAddress[] rooms = new RoomAddress[9];
        for (int i = 0; i < rooms.length; i++) {
            rooms[i] = room("room-" + i, "");
        }
        list(rooms);
        assertThat(routes.candidates()).hasSize(8);
    }

    @Test
    void aRoomThatAsksToBeLeftMaySendAPhoneToTheDispatcher() throws IOException {
        list(room("x", ""), room("y", ""));
        routes.left(at("x", 443, ""), GoAway.getDefaultInstance());
        assertThat(routes.isListWanted()).isFalse();
        routes.left(at("x", 443, ""), GoAway.newBuilder().setAskDispatcher(true).build());
        assertThat(routes.isListWanted()).isTrue();
    }

    @Test
    void remembersBansAndHeartbeatsOverAnEndOfTheProcess() throws IOException {
        KnownNetwork wifi = networks.of(WIFI);
        ban(wifi, "x");
        wifi.ladder().ok(7);
        wifi.ladder().bad(8, loop.elapsedMillis());
        wifi.ladder().bad(8, loop.elapsedMillis());
        wifi.srttMillis(70);
        networks.changed();
        networks.close();
        loop.advance(MINUTE);

        begin();
        KnownNetwork again = networks.of(WIFI);
        assertThat(again.isBanned(at("x", 443, ""), loop.elapsedMillis())).isTrue();
        assertThat(again.ladder().good()).isEqualTo(7);
        assertThat(again.ladder().blockedForMillis(8, loop.elapsedMillis())).isEqualTo(359 * MINUTE);
        assertThat(again.srttMillis()).isEqualTo(70);
        loop.advance(6 * MINUTE);
        assertThat(again.isBanned(at("x", 443, ""), loop.elapsedMillis())).isFalse();
    }

    @Test
    void forgetsAfterADayWhatAddressesDidAndNotHowLongToBeSilent() throws IOException {
        for (long hours : new long[]{23, 25}) {
            KnownNetwork wifi = networks.of(WIFI);
            wifi.ladder().ok(7);
            wifi.failed(at("x", 443, ""), loop.elapsedMillis());
            networks.changed();
            networks.close();
            loop.advance(hours * 60 * MINUTE);

            begin();
            assertThat(networks.of(WIFI).save(0, 0).getRoutesCount()).as(hours + " h").isEqualTo(hours < 24 ? 1 : 0);
            assertThat(networks.of(WIFI).ladder().good()).isEqualTo(7);
        }
    }

    @Test
    void forgetsANetworkThatWasNotUsedForAMonth() {
        for (long days : new long[]{29, 31}) {
            networks.of(CELL).ladder().ok(7);
            networks.changed();
            networks.close();
            loop.advance(days * 24 * 60 * MINUTE);

            begin();
            assertThat(networks.of(CELL).ladder().good()).as(days + " days").isEqualTo(days < 30 ? 7 : -1);
        }
    }

    @Test
    void aFreshInstallTriesTheListThatItsAppCarriesUntilThatEnds() throws Exception {
        bootstrap = signed(loop.wallMillis() + 60 * MINUTE, "tls://carried-1:443 north", "tls://carried-2:8443 south");
        begin();
        assertThat(names(routes.candidates())).containsExactly("carried-1:443", "carried-2:8443");

        list(room("x", ""));
        assertThat(names(routes.candidates())).as("what is told comes first").startsWith("x:443").hasSize(3);
        loop.advance(60 * MINUTE);
        assertThat(names(routes.candidates())).containsExactly("x:443");
    }

    @Test
    void withTheDispatcherDeadAPhoneThatKnowsNoRoomIsOnlineByTheListThatItsAppCarries() throws Exception {
        bootstrap = signed(loop.wallMillis() + 60 * MINUTE, "tls://carried-1:443 north");
        platform.dispatcher.noRooms = true;
        store.close();
        store = PhoneStore.open(directory, false);
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, false, true, 0, 0, bootstrap);
        Phone phone = new Phone(loop, platform.net, platform.dispatcher, Runnable::run, store, settings,
                platform.heard);
        phone.add("ak_7_000102030405060708090a0b0c0d0e0f", "", store.app(7), Runnable::run, (one, again) -> true);
        phone.start();
        loop.advance(MINUTE);

        assertThat(platform.heard.last().stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(platform.net.dialled).contains("tls://carried-1:443");
        assertThat(platform.dispatcher.roomQuestions).isPositive();
    }

    private static BootstrapList signed(long untilMillis, String... rooms) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        String text = "longwire-rooms 1\nuntil " + untilMillis + "\n" + String.join("\n", rooms) + "\n";
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        String whole = text + "signature " + HexFormat.of().formatHex(signature.sign()) + "\n";
        return BootstrapList.read(whole.getBytes(StandardCharsets.UTF_8), keys.getPublic());
    }

    @Test
    void keepsThirtyTwoNetworksInThirtyTwoKilobytesAndWritesOnceInTenSeconds() {
        File file = new File(directory, "networks");
        for (int i = 0; i < 200; i++) {
            KnownNetwork one = networks.of(Network.of(NetType.NET_WIFI, "cafe " + i));
            for (int room = 0; room < 20; room++) {
                one.failed(at("a-room-with-a-rather-long-name-" + room + ".example.com", 443, "north"),
                        loop.elapsedMillis());
            }
            networks.changed();
            loop.advance(100);
        }
        assertThat(file).exists();
        loop.advance(10_000);
        assertThat(file.length()).isLessThanOrEqualTo(33 * 1024);

        begin();
        assertThat(networks.of(Network.of(NetType.NET_WIFI, "cafe 199")).save(0, 0).getRoutesCount()).isEqualTo(8);
        assertThat(networks.of(Network.of(NetType.NET_WIFI, "cafe 1")).save(0, 0).getRoutesCount()).isZero();
    }

    @Test
    void forgetsTheNetworkThatWasUsedLeastWhenThereAreMoreThanThirtyTwo() throws IOException {
        for (int i = 0; i < 33; i++) {
            networks.of(Network.of(NetType.NET_WIFI, "cafe " + i)).ladder().ok(7);
        }
        assertThat(networks.of(Network.of(NetType.NET_WIFI, "cafe 1")).ladder().good()).isEqualTo(7);
        assertThat(networks.of(Network.of(NetType.NET_WIFI, "cafe 0")).ladder().good()).isEqualTo(-1);
    }

    @Test
    void writesWhatItLearnsOnceInTenSeconds() throws IOException {
        File file = new File(directory, "networks");
        networks.changed();
        loop.advance(1);
        assertThat(file).as("the first at once").exists();
        Files.delete(file.toPath());
        for (int second = 0; second < 9; second++) {
            networks.changed();
            loop.advance(1_000);
        }
        assertThat(file).doesNotExist();
        loop.advance(1_000);
        assertThat(file).exists();
    }

    @Test
    void aBrokenFileIsDroppedAndLearnedAgain() throws IOException {
        networks.of(WIFI).ladder().ok(7);
        networks.changed();
        networks.close();
        File file = new File(directory, "networks");
        byte[] whole = Files.readAllBytes(file.toPath());
        for (int at = 0; at < whole.length; at++) {
            byte[] broken = whole.clone();
            broken[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(file.toPath(), broken);
            begin();
            assertThat(networks.of(WIFI).ladder().good()).isEqualTo(-1);
            networks.of(WIFI).ladder().ok(3);
            networks.changed();
            networks.close();
            begin();
            assertThat(networks.of(WIFI).ladder().good()).isEqualTo(3);
        }
    }

    private void ban(KnownNetwork network, String host) {
        for (int i = 0; i < 3; i++) {
            network.failed(at(host, 443, ""), loop.elapsedMillis());
            loop.advance(10_000);
        }
    }

    private void list(RoomAddress... rooms) throws IOException {
        routes.rooms(Rooms.newBuilder().setTtlS(86_400).addAllRooms(List.of(rooms)).build());
    }

    private static Rooms askAgainAfter(int millis) {
        return Rooms.newBuilder().setTtlS(86_400).setRetry(RetryPolicy.newBuilder().setAskAgainMs(millis)).build();
    }

    private static RoomAddress room(String host, String idc) {
        return RoomAddress.newBuilder().setHost(host).setPort(443).setTls(true).setIdc(idc).build();
    }

    private static Address at(String host, int port, String idc) {
        return Address.of(host, ByteString.EMPTY, port, true).in(idc);
    }

    private static List<String> names(List<Address> addresses) {
        List<String> names = new ArrayList<>();
        for (Address one : addresses) {
            names.add(one.host() + ":" + one.port());
        }
        return names;
    }
}
