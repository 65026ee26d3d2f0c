package io.longwire.e2e.uplink;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.longwire.cli.LongwireCli;
import io.longwire.cli.platform.Platform;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.PresenceNews;
import io.longwire.coordinator.client.consume.PresenceNews.Kind;
import io.longwire.coordinator.client.consume.PresenceView;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Unbind;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.room.RoomConfig;
import io.longwire.room.RoomMain;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ChannelUpdate;
import io.longwire.rpc.coordinator.ConsumerGrpc;
import io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerBlockingStub;
import io.longwire.rpc.coordinator.ListChannelsRequest;
import io.longwire.testkit.chaos.ChaosProxy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a product hears of real phones that drop, move and leave, of a room that dies and of one that is cut off. */
class PresenceIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final AtomicInteger APPS = new AtomicInteger();

    private static Coordinators coordinators;

    private Platform platform;
    private Product product;
    private Rest center;
    private final List<PresenceNews> heard = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        coordinators = new Coordinators("presence-platform", 2);
    }

    @AfterAll
    static void stop() {
        coordinators.close();
    }

    @BeforeEach
    void take() {
        platform = coordinators.platform();
        product = coordinators.product().another("presence-" + APPS.incrementAndGet());
        center = product.backend();
    }

    @AfterEach
    void end() {
        center.close();
    }

    @Test
    void aFlashDisconnectShowsNothingAMoveOneEventAndAPhoneThatStaysAwayIsOffline() {
        Service roomA = platform.rooms().get(0);
        InetSocketAddress addressA = SharedPlatform.listener(roomA, "tcp");
        Identity leaving = Identity.register(product);
        Identity moving = Identity.register(product);
        try (var proxy = ChaosProxy.to(addressA, 1);
                var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(proxy.address()));
                var phones = new Phones("presence", new History());
                var early = RawDevice.loggedIn(addressA, moving.binding(1_000));
                var view = view("early")) {
            view.ready().join();
            assertThat(view.online()).as("the snapshot knew").containsOnlyKeys(moving.endpoint());
            assertThat(early.localPort()).isPositive();
            RawDevice.loggedIn(addressA, leaving.binding(1_000)).close();
            Phone phone = phones.online(1, product.through(dispatcher.url()), LIMIT).all().getFirst();
            awaitEqual(view, phone.endpoint(), leaving.endpoint(), moving.endpoint());
            Map<String, PresenceView.Online> before = view.online();
            assertThat(before).as("parked, too").hasSize(3);
            double resumed = SharedPlatform.metric(roomA, "room_resumed_total");

            proxy.cut();
            await().atMost(LIMIT).until(() -> SharedPlatform.metric(roomA, "room_resumed_total") > resumed);
            try (var late = RawDevice.loggedIn(listener(1), moving.binding(2_000, 1_000))) {
                assertThat(late.localPort()).isPositive();
                awaitEqual(view, phone.endpoint(), moving.endpoint(), leaving.endpoint());
                assertThat(view.online().get(moving.endpoint())).isEqualTo(
                        new PresenceView.Online(2_000, platform.rooms().get(1).cluster().self().index()));

                await().atMost(LIMIT).until(() -> !view.online().containsKey(leaving.endpoint()));
                awaitEqual(view, phone.endpoint(), moving.endpoint(), leaving.endpoint());
                assertThat(of(phone.endpoint())).containsExactly(Kind.INSTALLED, Kind.ONLINE);
                assertThat(of(moving.endpoint())).containsExactly(Kind.MOVED);
                assertThat(of(leaving.endpoint())).containsExactly(Kind.INSTALLED, Kind.ONLINE, Kind.OFFLINE);
                try (var other = view("late", news -> {
                })) {
                    other.ready().join();
                    assertThat(other.online()).as("snapshot and delta say the same").isEqualTo(view.online());
                    other.closeAndForget();
                }
            }
            view.closeAndForget();
        }
    }

    @Test
    void aRoomThatDiesIsToldAtOnceAndOneThatWasCutOffTellsAllAgain() {
        try (var zookeeper = ChaosProxy.to(platform.stores().zookeeper().port(), 2); var view = view("watch")) {
            view.ready().join();
            Service room = room("extra", zookeeper.port());
            InetSocketAddress address = SharedPlatform.listener(room, "tcp");
            List<Identity> all = IntStream.range(0, 3).mapToObj(i -> Identity.register(product)).toList();
            String[] endpoints = all.stream().map(Identity::endpoint).toArray(String[]::new);
            List<RawDevice> devices = all.stream().map(one -> RawDevice.loggedIn(address, one.binding(1_000)))
                    .toList();
            awaitEqual(view, endpoints);
            int cutOff = room.cluster().self().index();

            zookeeper.refuse(true);
            zookeeper.cut();
            await().atMost(LIMIT).until(() -> view.online().isEmpty());
            awaitEqual(view, endpoints);
            assertThat(of("")).hasSizeBetween(1, 3).containsOnly(Kind.ROOM_GONE);
            zookeeper.refuse(false);
            await().atMost(LIMIT).until(() -> view.online().size() == 3);
            awaitEqual(view, endpoints);
            int again = room.cluster().self().index();
            assertThat(again).isNotEqualTo(cutOff);
            assertThat(view.online().values()).as("the same sessions by another incarnation")
                    .containsOnly(new PresenceView.Online(1_000, again));

            room.close();
            try (var elsewhere = RawDevice.loggedIn(listener(1), all.getFirst().binding(2_000, 1_000))) {
                assertThat(elsewhere.localPort()).isPositive();
                await().atMost(LIMIT).until(() -> view.online().size() == 1);
                awaitEqual(view, endpoints);
                assertThat(view.online()).containsOnlyKeys(endpoints[0]);
            }
            assertThat(heard).extracting(PresenceNews::kind).as("told as a whole").doesNotContain(Kind.OFFLINE,
                    Kind.RESYNC);
            devices.forEach(RawDevice::close);
            view.closeAndForget();
        }
    }

    @Test
    void theCommandPrintsWhoIsOnlineAndLeavesNoChannel() {
        Identity one = Identity.register(product);
        try (var device = RawDevice.loggedIn(listener(0), one.binding(1_000)); var view = view("watch")) {
            assertThat(device.localPort()).isPositive();
            view.ready().join();
            awaitEqual(view, one.endpoint());

            assertThat(run("presence", "--json").lines()).containsExactly("{\"endpoint\":\"" + one.endpoint()
                    + "\",\"conn_seq\":1000,\"via\":" + platform.rooms().getFirst().cluster().self().index() + "}");

            view.closeAndForget();
        }
        assertThat(channels()).isEmpty();
    }

    @Test
    void aChannelThatWasTakenAwayIsMadeAgainAndTheViewIsWholeAgain() {
        Identity leaves = Identity.register(product);
        Identity comes = Identity.register(product);
        try (var device = RawDevice.loggedIn(listener(0), leaves.binding(1_000)); var view = view("watch")) {
            view.ready().join();
            awaitEqual(view, leaves.endpoint());

            call(stub -> stub.updateChannel(ChannelUpdate.newBuilder().setType(PresenceView.TYPE).setChannel("watch")
                    .setDelete(true).build()));
            device.frame(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(leaves.endpointId()).build());
            try (var other = RawDevice.loggedIn(listener(1), comes.binding(1_000))) {
                assertThat(other.localPort()).isPositive();
                awaitEqual(view, leaves.endpoint(), comes.endpoint());
                assertThat(view.online()).containsOnlyKeys(comes.endpoint());
            }
            view.closeAndForget();
        }
    }

    private List<ChannelInfo> channels() {
        return call(stub -> stub.listChannels(ListChannelsRequest.newBuilder().setType(PresenceView.TYPE).build()))
                .getChannelsList();
    }

    private <A> A call(Function<ConsumerBlockingStub, A> question) {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(coordinators.address()).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + product.apiKey());
            return question.apply(ConsumerGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)));
        } finally {
            channel.shutdownNow();
        }
    }

    private String run(String... command) {
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        var all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--events", coordinators.address(), "--key", product.apiKey()));
        assertThat(LongwireCli.run(writer, writer, all.toArray(String[]::new))).as("%s", out).isZero();
        return out.toString();
    }

    @Test
    void whatHappensWhileTheCoordinatorIsAwayIsToldWhenItIsBack() {
        try (var phones = new Phones("presence-away", new History()); var view = view("watch")) {
            view.ready().join();
            Phone first = phones.online(1, product, LIMIT).all().getFirst();
            awaitEqual(view, phones.endpoints().toArray(String[]::new));

            coordinators.stop();
            phones.online(2, product, LIMIT);
            first.restart();
            first.awaitOnline(LIMIT);
            assertThat(view.online()).hasSize(1);
            coordinators.start();

            awaitEqual(view, phones.endpoints().toArray(String[]::new));
            assertThat(view.online()).hasSize(3);
            assertThat(heard).extracting(PresenceNews::kind).doesNotContain(Kind.RESYNC, Kind.ROOM_GONE);
            view.closeAndForget();
        }
    }

    private InetSocketAddress listener(int room) {
        return SharedPlatform.listener(platform.rooms().get(room), "tcp");
    }

    private Service room(String name, int zookeeperPort) {
        return Service.start("room", ConfigNode.of(Map.of("service", Map.of("zookeeper", "127.0.0.1:" + zookeeperPort,
                "namespace", "longwire", "session", "3s", "drain", "0s", "dataDir",
                coordinators.data().resolve(name).toString(), "secrets",
                coordinators.data().resolve("secrets.yaml").toString()))), RoomConfig::read, RoomMain::wire,
                HaltPoints.none());
    }

    private PresenceView view(String channel) {
        return view(channel, heard::add);
    }

    private PresenceView view(String channel, Consumer<PresenceNews> listener) {
        return PresenceView.start(ConsumerOptions.of(List.of(coordinators.address()), product.apiKey(),
                PresenceView.TYPE, channel), listener);
    }

    private List<Kind> of(String endpoint) {
        return heard.stream().filter(news -> news.endpoint().equals(endpoint)).map(PresenceNews::kind).toList();
    }

    // The view is what the register says.
    private void awaitEqual(PresenceView view, String... endpoints) {
        await().atMost(LIMIT).untilAsserted(() -> {
            var registered = new HashMap<String, PresenceView.Online>();
            for (String endpoint : endpoints) {
                Answer found = center.endpoint(endpoint);
                if (found.text("state").equals("online")) {
                    registered.put(endpoint,
                            new PresenceView.Online(found.number("conn_seq"), index(found.text("room"))));
                }
            }
            assertThat(view.online()).isEqualTo(registered);
        });
    }

    private int index(String instance) {
        return platform.center().cluster().members("room").list().stream()
                .filter(room -> room.instance().equals(instance)).map(Member::index).findFirst().orElse(-1);
    }
}
