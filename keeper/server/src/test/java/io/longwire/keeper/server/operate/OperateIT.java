package io.longwire.keeper.server.operate;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.operate.GetSamplingRequest;
import io.longwire.rpc.operate.HeapCommand;
import io.longwire.rpc.operate.ListHostsRequest;
import io.longwire.rpc.operate.ListProcessesRequest;
import io.longwire.rpc.operate.ListRestartsRequest;
import io.longwire.rpc.operate.OperateGrpc;
import io.longwire.rpc.operate.OperateGrpc.OperateBlockingStub;
import io.longwire.rpc.operate.ProcessInfo;
import io.longwire.rpc.operate.ProcessRef;
import io.longwire.rpc.operate.ProfileCommand;
import io.longwire.rpc.operate.RestartRef;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.SampleCommand;
import io.longwire.rpc.operate.SampleReply;
import io.longwire.rpc.operate.Sampling;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileRequest;
import io.longwire.rpc.process.SampleRequest;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** A keeper asked as operators ask it, about processes that are there. */
final class OperateIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path data;
    private ZooKeeperServer zookeeper;
    private Service keeper;
    private Service one;
    private Service two;
    private ManagedChannel channel;
    private OperateBlockingStub operator;

    @BeforeEach
    void start() throws Exception {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        String key = SecretsFile.create(data.resolve("secrets.yaml"));
        keeper = Service.start("keeper", ConfigNode.of(Map.of("service", service())), KeeperConfig::read,
                KeeperMain::wire, HaltPoints.none());
        one = register();
        two = register();
        channel = NettyChannelBuilder.forTarget(keeper.cluster().self().rpcAddress()).usePlaintext().build();
        operator = withKey(key);
        await().atMost(SOON).until(() -> keeper.cluster().members("register").list().size() == 2);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        two.close();
        one.close();
        keeper.close();
        zookeeper.close();
    }

    @Test
    void findsProcessesByPartAndBeginning() {
        assertThat(operator.listProcesses(ListProcessesRequest.newBuilder().setPart("register").build())
                .getProcessesList()).extracting(ProcessInfo::getInstance)
                .containsExactlyInAnyOrder(one.cluster().self().instance(), two.cluster().self().instance());
        assertThat(operator.listProcesses(ListProcessesRequest.getDefaultInstance()).getProcessesCount())
                .as("the keeper, too").isEqualTo(3);
        String instance = two.cluster().self().instance();
        assertThat(operator.describe(ref("register", instance.substring(0, instance.length() - 1))).getInstance())
                .isEqualTo(instance);
        assertThat(refusal(Status.Code.NOT_FOUND, () -> operator.describe(ref("register", "register-"))))
                .startsWith("instance: register- fits 2 (expected: one of [");
        assertThat(refusal(Status.Code.NOT_FOUND, () -> operator.describe(ref("room", ""))))
                .startsWith("part: room: none runs");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> operator.describe(ref("rooom", ""))))
                .startsWith("part: rooom (expected: one of [keeper, register");
    }

    @Test
    void passesProfilesAndHeapsOn() {
        Iterator<ProfileChunk> chunks = operator.profile(profile("wall", 1));
        assertThat(chunks.next().getHead().getInstance()).startsWith("register-");
        long bytes = 0;
        while (chunks.hasNext()) {
            bytes += chunks.next().getData().size();
        }
        assertThat(bytes).isGreaterThan(1_000);
        assertThat(operator.heap(HeapCommand.newBuilder().setProcess(ref("register", "")).build()).getClassesCount())
                .isEqualTo(100);
        assertThat(operator.threads(ref("register", "")).getText()).contains("register-rpc-0");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> operator.profile(profile("sleep", 1)).next()))
                .isEqualTo("event: sleep (expected: cpu, wall, alloc or lock)");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> operator.profile(profile("cpu", 301)).next()))
                .isEqualTo("seconds: 301 (expected: 1 to 300)");
    }

    @Test
    void keepsTheSwitchOfSampling() {
        assertThat(sampling().getPartsList()).isEmpty();
        sample("saver", true); // nobody of it runs yet
        SampleReply switched = sample("register", true);

        // one JVM has one engine: the other process waits for it
        assertThat(switched.getSwitched()).isOne();
        assertThat(switched.getFailedList()).singleElement().asString().contains("nobody else samples");
        assertThat(sampling().getPartsList()).containsExactly("register", "saver");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sampling().getSampledList()).hasSize(1);
            assertThat(sampling().getWaitingList()).hasSize(1);
        });
        assertThat(sampling().getSampledList().getFirst()).startsWith("register-");

        String sampled = sampling().getSampledList().getFirst();
        Service gone = one.cluster().self().instance().equals(sampled) ? one : two;
        gone.close();

        await().atMost(SOON).untilAsserted(() -> assertThat(sampling().getSampledList()).singleElement()
                .asString().startsWith("register-").isNotEqualTo(sampled));
        sample("", false);
        assertThat(sampling().getPartsList()).isEmpty();
        await().atMost(SOON).untilAsserted(() -> assertThat(sampling().getSampledList()).isEmpty());
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> sample("rom", true))).startsWith("part: rom (expected");
    }

    private SampleReply sample(String part, boolean on) {
        return operator.sample(SampleCommand.newBuilder().setPart(part).setSample(SampleRequest.newBuilder().setOn(on))
                .build());
    }

    private Sampling sampling() {
        return operator.getSampling(GetSamplingRequest.getDefaultInstance());
    }

    @Test
    void answersNobodyWithoutTheOperatorsKey() {
        var open = OperateGrpc.newBlockingStub(channel);
        assertThat(refusal(Status.Code.UNAUTHENTICATED, () -> open.listHosts(ListHostsRequest.getDefaultInstance())))
                .startsWith("authorization: missing");
        assertThat(refusal(Status.Code.UNAUTHENTICATED,
                () -> withKey("lw_another").listHosts(ListHostsRequest.getDefaultInstance())))
                .startsWith("authorization: another key");
        assertThat(refusal(Status.Code.UNAUTHENTICATED, () -> withKey("").profile(profile("cpu", 1)).next()))
                .startsWith("authorization: another key");
    }

    @Test
    void givesNoOrdersWithoutAKeyAndRestartsNothingThatNoAgentRuns() {
        assertThat(refusal(Status.Code.FAILED_PRECONDITION,
                () -> operator.order(Order.newBuilder().setHost("h1").setVerb("stop").build()).next()))
                .startsWith("keeper: has no key for orders");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION,
                () -> operator.restart(RestartRequest.newBuilder().setPart("register").setWave(1).build())))
                .startsWith("part: register: no agent started [register-");
        assertThat(refusal(Status.Code.NOT_FOUND,
                () -> operator.getRestart(RestartRef.newBuilder().setId("r0").build()))).startsWith("restart: r0");
        assertThat(operator.listRestarts(ListRestartsRequest.getDefaultInstance()).getRestartsCount()).isZero();
    }

    private OperateBlockingStub withKey(String key) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        return OperateGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private Service register() {
        return Service.start("register", ConfigNode.of(Map.of("service", service())), node -> node,
                (service, config) -> {
                }, HaltPoints.none());
    }

    private Map<String, Object> service() {
        return Map.of("zookeeper", zookeeper.connectString(), "dataDir", data.toString(), "secrets",
                data.resolve("secrets.yaml").toString(), "session", "3s", "drain", "0");
    }

    private static ProcessRef ref(String part, String instance) {
        return ProcessRef.newBuilder().setPart(part).setInstance(instance).build();
    }

    private static ProfileCommand profile(String event, int seconds) {
        return ProfileCommand.newBuilder().setProcess(ref("register", ""))
                .setProfile(ProfileRequest.newBuilder().setEvent(event).setSeconds(seconds)).build();
    }

    private static String refusal(Status.Code code, ThrowingCallable call) {
        Status status = catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
        assertThat(status.getCode()).isEqualTo(code);
        return String.valueOf(status.getDescription());
    }
}
