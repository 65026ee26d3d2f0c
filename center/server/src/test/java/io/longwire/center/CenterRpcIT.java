package io.longwire.center;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.center.access.KeyText;
import io.longwire.center.fakes.FakeParts;
import io.longwire.device.Code;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.cluster.ClusterRecords;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.KickEndpointRequest;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.room.ControlItem;
import io.longwire.testkit.stores.Stores;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** center as it is wired, with its real clients over real connections to parts that are made. */
class CenterRpcIT {
    private final Stores.Namespace zookeeper = Stores.shared().freshNamespace("center-rpc");
    private final FakeParts parts = new FakeParts();
    @TempDir
    private Path data;
    private Service saver;
    private Service register;
    private Service room;
    private Service center;
    private ManagedChannel channel;
    private CenterGrpc.CenterBlockingStub api;
    private EndpointId endpoints;

    @BeforeEach
    void start() throws Exception {
        parts.key = KeyText.random(new SecureRandom());
        SecretsFile.create(data.resolve("secrets.yaml"));
        endpoints = new EndpointId(SecretsFile.read(data.resolve("secrets.yaml")).endpointTagKey());
        saver = made("saver", parts.saver());
        register = made("register", parts.register());
        room = made("room", parts.room());
        parts.room = room.cluster().self().index();
        publishMap();
        center = Service.start("center", config("center"), CenterConfig::read, CenterMain::wire, HaltPoints.none());
        await().until(() -> center.cluster().self().attributes().containsKey("api")
                && center.cluster().registerMap().epoch() == 1
                && !center.cluster().members("room").isEmpty() && !center.cluster().members("saver").isEmpty());
        channel = NettyChannelBuilder.forTarget(center.cluster().self().attributes().get("api")).usePlaintext().build();
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + parts.key);
        api = CenterGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        List.of(center, room, register, saver).forEach(Service::close);
    }

    @Test
    void bringsEachMessageOfABatchToTheStoreAndThenToTheRoom() throws Exception {
        var batch = SendBatchRequest.newBuilder();
        for (int i = 0; i < 500; i++) {
            batch.addMessages(message(1000 + i));
        }

        var reply = api.withDeadlineAfter(10, TimeUnit.SECONDS).sendBatch(batch.build());

        assertThat(reply.getResultsList()).hasSize(500).allMatch(SendOutcome::hasReply);
        assertThat(parts.stored).hasSize(500);
        await().until(() -> parts.pushed.size() == 500);
        var first = reply.getResults(0).getReply();
        long id = MessageId.parse(first.getMessageId());
        var item = Objects.requireNonNull(parts.pushed.get(id));
        assertThat(item.getEndpointId()).isEqualTo(1000);
        assertThat(item.getConnSeq()).isEqualTo(12);
        assertThat(item.getHandle()).isEqualTo(99);
        assertThat(item.getAcceptedMs()).isEqualTo(first.getAcceptedMs());
        assertThat(item.getEnvelope()).isEqualTo(Objects.requireNonNull(parts.stored.get(id)).getEnvelope());
    }

    @Test
    void bringsAMessageToAThousandEndpointsUnderOneId() {
        var to = Target.newBuilder();
        for (int i = 1; i <= 1000; i++) {
            to.addEndpoints(endpoints.text(3, i));
        }

        var reply = api.withDeadlineAfter(10, TimeUnit.SECONDS).send(SendRequest.newBuilder().setTo(to)
                .setPayload(ByteString.copyFromUtf8("hi")).setIdempotencyKey("k").build());

        assertThat(reply.getStatus()).isEqualTo("accepted");
        assertThat(reply.getAccepted()).isEqualTo(1000);
        assertThat(parts.asked).containsExactly("claim", "head", "settle");
        assertThat(parts.storedAt).hasSize(1000);
        assertThat(parts.storedAt.values()).allMatch(item -> item.getHeadless())
                .extracting(item -> item.getMessageId()).containsOnly(MessageId.parse(reply.getMessageId()));
    }

    @Test
    void kicksTheSessionTheRegisterNames() {
        var reply = api.withDeadlineAfter(10, TimeUnit.SECONDS).kickEndpoint(KickEndpointRequest.newBuilder()
                .setEndpoint(endpoints.text(3, 4711)).setRetryAfterSeconds(5).build());

        assertThat(reply.getKicked()).isTrue();
        var told = Objects.requireNonNull(parts.told.get(4711L));
        assertThat(told.getKind()).isEqualTo(ControlItem.Kind.KICK);
        assertThat(told.getConnSeq()).isEqualTo(12);
        assertThat(told.getCode()).isEqualTo(Code.KICKED);
        assertThat(told.getRetryAfterMs()).isEqualTo(5000);
    }

    @Test
    void takesMessagesAgainWhenASaverIsBack() throws Exception {
        assertThat(api.withDeadlineAfter(10, TimeUnit.SECONDS).send(message(1)).getStatus()).isEqualTo("accepted");
        saver.close();
        await().untilAsserted(
                () -> assertThat(catchThrowable(() -> api.withDeadlineAfter(5, TimeUnit.SECONDS).send(message(2))))
                        .hasMessageStartingWith("UNAVAILABLE"));

        saver = made("saver", parts.saver());

        await().ignoreExceptions().until(
                () -> api.withDeadlineAfter(5, TimeUnit.SECONDS).send(message(3)).getStatus().equals("accepted"));
    }

    private SendRequest message(long endpoint) {
        return SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(endpoints.text(3, endpoint)))
                .setPayload(ByteString.copyFromUtf8("hi")).build();
    }

    private Service made(String part, BindableService service) {
        return Service.start(part, config(part), node -> "", (runtime, nothing) -> runtime.serve(service),
                HaltPoints.none());
    }

    private ConfigNode config(String part) {
        var service = Map.of("zookeeper", zookeeper.connectString(), "namespace", zookeeper.name(), "dataDir",
                data.toString(), "secrets", data.resolve("secrets.yaml").toString(), "drain", "0", "session", "5s");
        return ConfigNode.of(part.equals("center")
                ? Map.of("service", service, "apiPort", 0)
                : Map.of("service", service));
    }

    private void publishMap() throws Exception {
        var self = register.cluster().self();
        var owners = new short[Slots.COUNT * 2];
        Arrays.fill(owners, (short) 1);
        var map = new SlotMap(1, List.of(new SlotMap.Owner(self.instance(), self.rpcAddress(), self.idc())), owners);
        try (var client = ZooKeeperClient.connect(zookeeper.connectString(), zookeeper.name(),
                Duration.ofSeconds(5))) {
            client.blockUntilConnected();
            client.create().creatingParentsIfNeeded().forPath(ZooKeeperPaths.REGISTER_MAP,
                    ClusterRecords.record(map, 1).toByteArray());
        }
    }
}
