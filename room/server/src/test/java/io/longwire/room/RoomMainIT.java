package io.longwire.room;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.PushFrames;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.Wiring;
import io.longwire.room.client.RoomClient;
import io.longwire.room.rig.RoomRig;
import io.longwire.room.transport.SocketPhone;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.rpc.saver.BanChangesRequest;
import io.longwire.rpc.saver.BansGrpc;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A room as its main wires it, on a real ZooKeeper, with no register published: its writer owes every put. */
@Timeout(60)
class RoomMainIT {
    private static final int APP = 12;

    @TempDir
    private Path directory;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final InMemorySaver saver = new InMemorySaver();
    private final InMemoryBroadcasts broadcasts = new InMemoryBroadcasts();
    private ZooKeeperServer zookeeper;

    @BeforeEach
    void startZooKeeper() throws Exception {
        SecretsFile.create(directory.resolve("secrets.yaml"));
        zookeeper = own(ZooKeeperServer.start(ZooKeeperServer.Options.in(directory.resolve("zookeeper"))));
    }

    @AfterEach
    void stop() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    @Test
    void servesPhonesAndTheOtherPartsAndAsksPhonesToLeaveAtItsEnd() throws Exception {
        part("saver", _ -> "", (service, _) -> {
            service.serve(saver);
            service.serve(broadcasts);
        }, Map.of());
        var client = new CompletableFuture<RoomClient>();
        part("center", _ -> "",
                (service, _) -> client.complete(service.own(new RoomClient(service.rpc(), service.cluster()))),
                Map.of());
        Service room = part("room", RoomConfig::read, RoomMain::wire, Map.of("threads", 2));
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");
        assertThat(listen).startsWith("tcp://127.0.0.1:");
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));

        try (SocketPhone phone = SocketPhone.tcp(port)) {
            long waiting = store(5);
            ConnectAck welcome = phone.connect(binding(room, 5));
            assertThat(welcome.getCode()).isEqualTo(Code.OK);
            assertThat(phone.push().getMessageId()).isEqualTo(waiting);

            // The register would name this session: the first place of one of the loops.
            long pushed = store(5);
            var codes = new ArrayList<PushResult.Code>();
            for (int loop = 0; loop < 2; loop++) {
                Session session = Session.newBuilder().setEndpointId(5)
                        .setConnSeq(welcome.getResults(0).getConnSeq())
                        .setRoomIncarnation(room.cluster().self().index()).setHandle((long) loop << 56).build();
                codes.add(push(client.join(), session, pushed));
            }
            assertThat(codes).containsExactlyInAnyOrder(PushResult.Code.WRITTEN, PushResult.Code.NOT_HERE);
            assertThat(phone.push().getMessageId()).isEqualTo(pushed);
            phone.send(FrameType.ACK, Ack.newBuilder().setUptoSeq(2).build());
            await().until(() -> saver.store.waiting(5).isEmpty());
            await().until(() -> "1".equals(room.cluster().self().attributes().get("sessions")));

            CompletableFuture<Void> closing = CompletableFuture.runAsync(room::close);
            GoAway goAway = phone.next(FrameType.GOAWAY, GoAway.parser());
            assertThat(goAway.getCode()).isEqualTo(Code.SHUTDOWN);
            phone.hangUp();
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void takesNoLoginUntilASaverHasListedTheBroadcastsAndThenWithoutAnyOtherPart() throws Exception {
        broadcasts.store.away = true;
        part("saver", _ -> "", (service, _) -> {
            service.serve(saver);
            service.serve(broadcasts);
        }, Map.of());
        Service room = part("room", RoomConfig::read, RoomMain::wire, Map.of());
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        try (SocketPhone phone = SocketPhone.tcp(port)) {
            ConnectAck refused = phone.connect(binding(room, 5));
            assertThat(refused.getCode()).isEqualTo(Code.NOT_SERVING);
            assertThat(refused.getRetryAfterMs()).isPositive();
        }
        broadcasts.store.active.add(RoomRig.broadcast(2).setState(Broadcast.State.WALKED).build());
        broadcasts.store.floors.put(APP, AppFloor.newBuilder().setAppId(APP).setFloor(1).setLastSeq(2).build());
        broadcasts.store.away = false;

        await().untilAsserted(() -> {
            try (SocketPhone phone = SocketPhone.tcp(port)) {
                ConnectAck welcome = phone.connect(binding(room, 5).toBuilder()
                        .setBcastSeen(BroadcastSeen.of(1).encode()).build());
                assertThat(welcome.getCode()).isEqualTo(Code.OK);
                assertThat(welcome.getResults(0).getBcastFloor()).isEqualTo(1);
                assertThat(phone.push().getBcastSeq()).isEqualTo(2);
            }
        });
    }

    @Test
    void knowsWhichNetworksAreBannedBeforeTheFirstLogin() throws Exception {
        var bans = new BansGrpc.BansImplBase() {
            @Override
            public void changes(BanChangesRequest request, StreamObserver<BanChangesReply> answer) {
                Clock.system().schedule(Duration.ofMillis(700), () -> {
                    answer.onNext(BanChangesReply.newBuilder().addBans(Ban.newBuilder().setBanId(1).setVersion(1)
                            .setKind(Ban.Kind.NETWORK).setSubject("127.0.0.0/8")).build());
                    answer.onCompleted();
                });
            }
        };
        part("saver", _ -> "", (service, _) -> {
            service.serve(saver);
            service.serve(broadcasts);
            service.serve(bans);
        }, Map.of());
        Service room = part("room", RoomConfig::read, RoomMain::wire, Map.of());
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));

        assertThatThrownBy(() -> {
            try (SocketPhone phone = SocketPhone.tcp(port)) {
                phone.connect(binding(room, 5));
            }
        }).as("closed without an answer").isInstanceOfAny(IOException.class, AssertionError.class);
    }

    @Test
    void walksCountsAndBringsAcksToTheSaver() throws Exception {
        part("saver", _ -> "", (service, _) -> {
            service.serve(saver);
            service.serve(broadcasts);
        }, Map.of());
        var client = new CompletableFuture<RoomClient>();
        part("center", _ -> "",
                (service, _) -> client.complete(service.own(new RoomClient(service.rpc(), service.cluster()))),
                Map.of());
        Service room = part("room", RoomConfig::read, RoomMain::wire, Map.of("threads", 2));
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        int incarnation = room.cluster().self().index();
        await().until(() -> client.join().rooms().stream().anyMatch(one -> one.incarnation() == incarnation));
        Broadcast broadcast = RoomRig.broadcast(2).build();
        broadcasts.store.active.add(broadcast);
        var order = BroadcastOrder.newBuilder().setEpoch(1).setBroadcast(broadcast).build();
        await().ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> client.join().putBroadcast(incarnation, order).get(5, TimeUnit.SECONDS)
                        .getCode() == WalkStatus.Code.OK);
        List<SocketPhone> phones = new ArrayList<>();
        try {
            for (long endpoint = 1; endpoint <= 20; endpoint++) {
                SocketPhone phone = SocketPhone.tcp(port);
                phones.add(phone);
                EndpointBinding.Builder binding = binding(room, endpoint).toBuilder();
                assertThat(phone.connect(endpoint % 2 == 0
                        ? binding.build() // a new install
                        : binding.setBcastSeen(BroadcastSeen.of(1).encode()).build()).getCode()).isEqualTo(Code.OK);
            }
            assertThat(client.join().count(incarnation, APP, Audience.getDefaultInstance()).get(5, TimeUnit.SECONDS)
                    .getMatching()).isEqualTo(20);
            await().until(() -> walk(client.join(), incarnation, order).getFinished());

            WalkStatus status = walk(client.join(), incarnation, order);
            assertThat(status.getWritten()).isEqualTo(10);
            assertThat(status.getSeen()).isEqualTo(10);
            for (int i = 0; i < 20; i += 2) {
                assertThat(phones.get(i).push().getBcastSeq()).isEqualTo(2);
                phones.get(i).send(FrameType.ACK, Ack.newBuilder().addEndpointAcks(EndpointAck.newBuilder()
                        .setEndpointId(i + 1).addBcastSeqs(2)).build());
            }
            await().until(() -> broadcasts.store.ords(NoteKind.NOTE_ACKED).getCardinality() == 10);
            assertThat(walk(client.join(), incarnation, order).getAcked()).isEqualTo(10);
        } finally {
            for (SocketPhone phone : phones) {
                phone.close();
            }
        }
    }

    @Test
    void takesUplinksToACoordinatorAndSaysBusyWhileThereIsNone() throws Exception {
        part("saver", _ -> "", (service, _) -> {
            service.serve(saver);
            service.serve(broadcasts);
        }, Map.of());
        Service room = part("room", RoomConfig::read, RoomMain::wire, Map.of());
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");
        try (SocketPhone phone = SocketPhone
                .tcp(Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)))) {
            assertThat(phone.connect(binding(room, 5)).getCode()).isEqualTo(Code.OK);
            Uplink.Builder uplink = Uplink.newBuilder().setReqId(1).setEndpointId(5).setSeq(7).setTopic("order")
                    .setBody(ByteString.copyFromUtf8("tea"));
            phone.send(FrameType.UPLINK, uplink.build());
            UplinkReply busy = phone.next(FrameType.UPLINK_REPLY, UplinkReply.parser());
            assertThat(busy.getCode()).isEqualTo(Code.BUSY);
            assertThat(busy.getRetryAfterMs()).isPositive();

            var coordinator = new InMemoryCoordinator();
            part("coordinator", _ -> "", (service, _) -> service.serve(coordinator), Map.of());
            await().until(() -> {
                phone.send(FrameType.UPLINK, uplink.setReqId(uplink.getReqId() + 1).build());
                return phone.next(FrameType.UPLINK_REPLY, UplinkReply.parser()).getCode() == Code.OK;
            });
            assertThat(coordinator.store.items).last().satisfies(item -> {
                assertThat(item.getEndpointId()).isEqualTo(5);
                assertThat(item.getAppId()).isEqualTo(APP);
                assertThat(item.getSeq()).isEqualTo(7);
                assertThat(item.getType()).isEqualTo("order");
                assertThat(item.getBody().toStringUtf8()).isEqualTo("tea");
            });
        }
    }

    @Test
    void aConfigurationWithATypoIsOneSentence() {
        assertThatThrownBy(() -> part("room", RoomConfig::read, RoomMain::wire, Map.of("thread", 2)))
                .isInstanceOf(ConfigException.class).hasMessageContaining("thread: unknown key")
                .hasMessageContaining("did you mean threads?");
    }

    // The first answer; a call that is late on a busy machine fails and is made again.
    private static WalkStatus walk(RoomClient client, int incarnation, BroadcastOrder order) {
        return await().ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> client.walk(incarnation, order).get(5, TimeUnit.SECONDS), _ -> true);
    }

    private static PushResult.Code push(RoomClient client, Session session, long messageId) {
        var item = RoomClient.pushTo(session).setMessageId(messageId).setAppId(APP).setEnvelope(envelope(5, messageId))
                .build();
        var code = new CompletableFuture<PushResult.Code>();
        await().until(() -> {
            try {
                return code.complete(client.push(session, item).get(5, TimeUnit.SECONDS));
            } catch (ExecutionException notYet) { // its view of the rooms is a moment behind
                return false;
            }
        });
        return code.join();
    }

    private long store(long endpointId) {
        long id = MessageId.of(Clock.system().wallMillis(), 1, saver.store.waiting(endpointId).size());
        saver.store.store(endpointId, StoredMessage.newBuilder().setMessageId(id).setEnvelope(envelope(endpointId, id))
                .build());
        return id;
    }

    private static ByteString envelope(long endpointId, long messageId) {
        return ByteString.copyFrom(PushFrames.encode(Push.newBuilder().setEndpointId(endpointId)
                .setMessageId(messageId).setAppId(APP).setPayload(ByteString.copyFromUtf8("hello")).build()));
    }

    private static EndpointBinding binding(Service room, long endpointId) {
        Secrets secrets = room.secrets().get();
        long now = Clock.system().wallMillis();
        byte[] credential = Credentials.issue(CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys()),
                new Claims(secrets.signingKeyId(), APP, endpointId, (int) endpointId, now / 1000, now / 1000 + 3600));
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(credential)).setConnSeq(now).build();
    }

    private <C> Service part(String name, ConfigReader<C> reader, Wiring<C> wiring, Map<String, Object> more) {
        var root = new HashMap<String, Object>(more);
        root.put("service",
                Map.of("zookeeper", zookeeper.connectString(), "dataDir", directory.resolve(name).toString(),
                        "secrets", directory.resolve("secrets.yaml").toString(), "drain", "5s"));
        return own(Service.start(name, ConfigNode.of(root), reader, wiring, HaltPoints.none()));
    }

    private <T extends AutoCloseable> T own(T part) {
        running.push(part);
        return part;
    }
}
