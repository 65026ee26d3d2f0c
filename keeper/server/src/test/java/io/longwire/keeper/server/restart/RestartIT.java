package io.longwire.keeper.server.restart;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.rpc.operate.OperateGrpc;
import io.longwire.rpc.operate.OperateGrpc.OperateBlockingStub;
import io.longwire.rpc.operate.RestartRef;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import io.longwire.rpc.process.DrainRequest;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** A keeper that restarts two processes of one host through an agent that can be told to misbehave. */
final class RestartIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path data;
    private ZooKeeperServer zookeeper;
    private Service keeper;
    private OneHost host;
    private ManagedChannel channel;
    private OperateBlockingStub operator;

    @BeforeEach
    void start() throws Exception {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        String key = SecretsFile.create(data.resolve("secrets.yaml"));
        SigningKey.create(data.resolve("keeper.pem"));
        Map<String, Object> service = Map.of("zookeeper", zookeeper.connectString(), "dataDir", data.toString(),
                "secrets", data.resolve("secrets.yaml").toString(), "session", "3s", "drain", "0");
        keeper = Service.start("keeper",
                ConfigNode.of(Map.of("service", service, "agentKey", data.resolve("keeper.pem").toString())),
                KeeperConfig::read, KeeperMain::wire, HaltPoints.none());
        host = new OneHost(service, "register-1", "register-2");
        channel = NettyChannelBuilder.forTarget(keeper.cluster().self().rpcAddress()).usePlaintext().build();
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        operator = OperateGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        await().atMost(SOON).until(() -> keeper.cluster().members("register").list().size() == 2
                && keeper.cluster().members("agent").list().size() == 1);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        host.close();
        keeper.close();
        zookeeper.close();
    }

    @Test
    void restartsAllAndGivesThePartFree() {
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).as(ended.getReason()).isEqualTo(Phase.DONE);
        assertThat(host.orders()).containsExactly("drain register-1 ", "restart register-1 ", "drain register-2 ",
                "restart register-2 ");
        assertThat(refusal(() -> operator.resumeRestart(RestartRef.newBuilder().setId(ended.getId()).build())))
                .isEqualTo("restart: " + ended.getId() + " is DONE (expected: one that goes on)");
        await().atMost(SOON).ignoreExceptions().until(() -> ended(begin("")).getPhase() == Phase.DONE);
    }

    @Test
    void drainsNothingForAVersionThatAHostLacks() {
        assertThat(refusal(() -> begin("1.3"))).isEqualTo("h1/register-1: version: 1.3 (expected: one of [1.0], which "
                + "are on that host), and 1 more");
        assertThat(host.orders()).isEmpty();
        assertThat(ended(begin("")).getPhase()).as("nothing holds the part").isEqualTo(Phase.DONE);
    }

    @Test
    void startsWhatItDrainedAgainWhenTheRestartIsRefused() {
        host.has("1.1");
        host.refuses("1.1");
        RestartState ended = ended(begin("1.1"));
        assertThat(ended.getPhase()).isEqualTo(Phase.FAILED);
        assertThat(ended.getReason()).startsWith("h1/register-1: version: 1.1 (expected: another); started again with "
                + "1.0: register-");
        assertThat(host.orders()).containsExactly("drain register-1 ", "restart register-1 1.1",
                "restart register-1 1.0");
        assertThat(ended.getSteps(1).getState()).isEqualTo(RestartStep.State.WAITING);
    }

    @Test
    void failsByWhatTheLastWaveCountedElsewhere() {
        host.whenDrained("register-2", () -> host.countBug("register-1"));
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).isEqualTo(Phase.FAILED);
        assertThat(ended.getReason()).startsWith("gate after the last wave: register-")
                .endsWith("room_loop_bugs_total: 1 more in this wave (expected: none)");
        assertThat(ended.getWavesDone()).isEqualTo(2);
    }

    @Test
    void seesWhatAProcessCountedWhileItWasDrained() {
        host.whenDrained("register-1", () -> host.countBug("register-1"));
        RestartState begun = begin("");
        await().atMost(SOON).until(() -> get(begun).getPhase() == Phase.PAUSED);
        assertThat(get(begun).getReason()).startsWith("gate: " + begun.getSteps(0).getInstance())
                .endsWith("room_loop_bugs_total: 1 more while it was drained (expected: none)");
        operator.abortRestart(RestartRef.newBuilder().setId(begun.getId()).build());
        assertThat(ended(begun).getPhase()).isEqualTo(Phase.ABORTED);
    }

    @Test
    void waitsAtTheNextWaveWhileAnOperatorHasItPausedAndGoesOnWhenResumed() throws Exception {
        var begun = new CompletableFuture<RestartState>();
        host.whenDrained("register-1", () -> operator.pauseRestart(ref(begun.join())));
        begun.complete(begin(""));

        await().atMost(SOON).until(() -> get(begun.join()).getPhase() == Phase.PAUSED);
        assertThat(get(begun.join()).getReason()).isEqualTo("by an operator");
        assertThat(get(begun.join()).getWavesDone()).as("the wave that was under way went to its end").isEqualTo(1);
        assertThat(host.orders()).containsExactly("drain register-1 ", "restart register-1 ");
        await().during(Duration.ofSeconds(1)).until(() -> host.orders().size() == 2);

        operator.resumeRestart(ref(begun.join()));

        RestartState ended = ended(begun.join());
        assertThat(ended.getPhase()).as(ended.getReason()).isEqualTo(Phase.DONE);
        assertThat(ended.getReason()).isEmpty();
        assertThat(host.orders()).containsExactly("drain register-1 ", "restart register-1 ", "drain register-2 ",
                "restart register-2 ");
        assertThat(refusal(() -> operator.pauseRestart(ref(ended))))
                .isEqualTo("restart: " + ended.getId() + " is DONE (expected: one that goes on)");
    }

    private static RestartRef ref(RestartState state) {
        return RestartRef.newBuilder().setId(state.getId()).build();
    }

    @Test
    void takesNoAbortInTheLastWave() {
        var refused = new CompletableFuture<String>();
        var begun = new CompletableFuture<RestartState>();
        host.whenDrained("register-2", () -> refused
                .complete(refusal(() -> operator.abortRestart(ref(begun.join())))));
        begun.complete(begin(""));

        assertThat(ended(begun.join()).getPhase()).isEqualTo(Phase.DONE);
        assertThat(refused).isCompletedWithValue("restart: " + begun.join().getId()
                + " is in its last wave (expected: one with a wave to come)");
    }

    @Test
    void tellsWhatIsWrongWithAPart() {
        var processes = new Processes(keeper.cluster(), keeper.rpc());
        var gates = new Gates(processes, RestartRequest.newBuilder().setPart("register")
                .setMaxLoopLagMs(1_000).build());

        assertThat(gates.unhealthy(2)).isEmpty();
        assertThat(gates.unhealthy(3)).hasValue("register: 2 live (expected: 3)");
        host.lag(1_500);
        assertThat(gates.unhealthy(2).orElseThrow())
                .endsWith(": a loop is late by 1500 ms (expected: at most 1000)");
        host.lag(1_000);
        assertThat(gates.unhealthy(2)).isEmpty();
        processes.call(processes.list("register").getFirst(), 5)
                .drain(DrainRequest.newBuilder().setWithinMs(60_000).build());
        assertThat(gates.unhealthy(2).orElseThrow()).endsWith(": is draining (expected: serving)");
    }

    @Test
    void asksTheLedgerAgainWhileMessagesAreJustBeingTaken() {
        host.ledgerMisses(-1L, 2L, 0L);
        await().atMost(SOON).until(() -> keeper.cluster().members("saver").list().size() == 1);
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).as(ended.getReason()).isEqualTo(Phase.DONE);
        assertThat(ended.getReport().getMessagesCounted()).isTrue();
        assertThat(ended.getReport().getMessagesAccepted()).isEqualTo(500);
        assertThat(ended.getReport().getMessagesLost()).isZero();
    }

    /** It waits half a minute for messages that are just being taken. */
    @Tag("full")
    @Test
    void failsWhenTheLedgerMissesMessages() {
        host.ledgerMisses(3L);
        await().atMost(SOON).until(() -> keeper.cluster().members("saver").list().size() == 1);
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).isEqualTo(Phase.FAILED);
        assertThat(ended.getReason()).isEqualTo("the ledger misses 3 of 500 messages accepted meanwhile "
                + "(expected: none)");
        assertThat(ended.getWavesDone()).isEqualTo(2);
        assertThat(ended.getReport().getMessagesLost()).isEqualTo(3);
    }

    @Test
    void goesNoFurtherWhenSessionsAreCut() {
        host.sessions(100);
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).isEqualTo(Phase.FAILED);
        assertThat(ended.getReason()).isEqualTo("100 sessions were cut and 0 ended nowhere, of 100 in this wave "
                + "(expected: at most 1 %)");
        assertThat(host.orders()).containsExactly("drain register-1 ", "restart register-1 ");
    }

    @Test
    void letsAProcessBeThatItsAgentDidNotDrain() {
        host.sessions(100);
        host.drainsNothing();
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).isEqualTo(Phase.FAILED);
        assertThat(ended.getReason()).endsWith("register-1: start is under way");
        assertThat(host.orders()).as("its phones are not cut off").containsExactly("drain register-1 ");
    }

    @Test
    void startsAgainWhatAnAgentLeftInItsDrainWhenTheAgentIsBack() {
        host.sessions(100);
        host.breaksDrains(2);
        RestartState ended = ended(begin(""));
        assertThat(ended.getPhase()).isEqualTo(Phase.FAILED);
        assertThat(ended.getReason()).contains("gone; started again with 1.0: register-");
        assertThat(host.orders()).containsExactly("drain register-1 ", "restart register-1 1.0",
                "restart register-1 1.0", "restart register-1 1.0");
        assertThat(ended.getReport().getSessionsMoved()).isZero();
        assertThat(ended.getReport().getSessionsCut()).isEqualTo(100);
    }

    @Test
    void keepsItsReportOnceZooKeeperTakesItAgain() throws Exception {
        try (var client = CuratorFrameworkFactory.newClient(zookeeper.connectString(), new RetryOneTime(100))) {
            client.start();
            RestartState begun = begin("");
            String kept = "/longwire/longwire/restarts/done/" + begun.getId();
            await().atMost(SOON).until(() -> client.checkExists().forPath(kept) != null);
            client.setACL().withACL(List.of(new ACL(Perms.READ | Perms.ADMIN, Ids.ANYONE_ID_UNSAFE))).forPath(kept);
            assertThat(ended(begun).getPhase()).isEqualTo(Phase.DONE);
            assertThat(RestartState.parseFrom(client.getData().forPath(kept)).getPhase()).isEqualTo(Phase.RUNNING);

            client.setACL().withACL(Ids.OPEN_ACL_UNSAFE).forPath(kept);

            await().atMost(SOON)
                    .until(() -> RestartState.parseFrom(client.getData().forPath(kept)).getPhase() == Phase.DONE);
        }
    }

    private RestartState begin(String version) {
        return operator.restart(RestartRequest.newBuilder().setPart("register").setWave(1).setVersion(version)
                .setMaxDrainMs(2_000).setBakeMs(200).build());
    }

    private RestartState get(RestartState begun) {
        return operator.getRestart(RestartRef.newBuilder().setId(begun.getId()).build());
    }

    private RestartState ended(RestartState begun) {
        RestartState last = begun;
        var states = operator.watchRestart(RestartRef.newBuilder().setId(begun.getId()).build());
        while (states.hasNext()) {
            last = states.next();
        }
        return last;
    }

    private static String refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Status status = catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        return String.valueOf(status.getDescription());
    }
}
