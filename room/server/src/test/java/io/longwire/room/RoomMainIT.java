package io.longwire.room;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.PushFrames;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Push;
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
import io.longwire.room.transport.SocketPhone;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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
        part("saver", _ -> "", (service, _) -> service.serve(saver), Map.of());
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
    void letsPhonesInWhenNothingElseRuns() throws Exception {
        Service room = part("room", RoomConfig::read, RoomMain::wire, Map.of());
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");

        try (SocketPhone phone = SocketPhone.tcp(Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)))) {
            assertThat(phone.connect(binding(room, 5)).getCode()).isEqualTo(Code.OK);
        }
    }

    @Test
    void aConfigurationWithATypoIsOneSentence() {
        assertThatThrownBy(() -> part("room", RoomConfig::read, RoomMain::wire, Map.of("thread", 2)))
                .isInstanceOf(ConfigException.class).hasMessageContaining("thread: unknown key")
                .hasMessageContaining("did you mean threads?");
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
                new Claims(secrets.signingKeyId(), APP, endpointId, 1, now / 1000, now / 1000 + 3600));
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
