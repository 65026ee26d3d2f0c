package io.longwire.keeper.agent;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.agent.AgentGrpc.AgentBlockingStub;
import io.longwire.rpc.agent.DeployChunk;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.agent.ReportRequest;
import io.longwire.rpc.agent.SignedOrder;
import io.longwire.rpc.agent.VersionManifest;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** An agent asked over its rpc port, as a keeper asks it. */
final class AgentIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path home;
    private final SigningKey key = SigningKey.generate();
    private final SigningKey maker = SigningKey.generate();
    private final OrderSigner signer = new OrderSigner(key, Clock.system());
    private ZooKeeperServer zookeeper;
    private Service agent;
    private AgentBlockingStub stub;

    @BeforeEach
    void start() throws IOException {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(home.resolve("zookeeper")));
        Path room = Files.writeString(home.resolve("room.yaml"), "# dies\n");
        agent = Service.start("agent", ConfigNode.of(Map.of("service",
                Map.of("zookeeper", zookeeper.connectString(), "dataDir", home.toString(), "session", "3s", "drain",
                        "0"),
                "host", "h1", "home", home.resolve("agent").toString(), "trusted",
                Map.of("orders", List.of(key.publicText()), "versions", List.of(maker.publicText())), "jvm",
                List.of("-Xmx24m", "-XX:TieredStopAtLevel=1"), "processes",
                List.of(Map.of("name", "room-1", "part", "room", "config", room.toString())))),
                AgentConfig::read, AgentMain::wire, HaltPoints.none());
        stub = AgentGrpc.newBlockingStub(agent.rpc().channel(agent.cluster().self().rpcAddress()));
    }

    @AfterEach
    void stop() {
        agent.close();
        zookeeper.close();
    }

    @Test
    void reportsItsHostAndItsProcesses() {
        HostReport report = stub.report(ReportRequest.getDefaultInstance());
        assertThat(report.getHost()).isEqualTo("h1");
        assertThat(report.getBackend()).isEqualTo("processes");
        assertThat(report.getCpus()).isPositive();
        assertThat(report.getMemoryBytes()).isGreaterThan(report.getMemoryAvailableBytes());
        assertThat(report.getDiskFreeBytes()).isPositive();
        assertThat(report.getTcpSockets()).isPositive();
        assertThat(report.getProcessesList()).singleElement().satisfies(process -> {
            assertThat(process.getName()).isEqualTo("room-1");
            assertThat(process.getState()).isEqualTo(ProcessReport.State.STOPPED);
        });
        assertThat(agent.cluster().self().attributes()).containsEntry("host", "h1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "format | room-1 | 1.0 | verb: format (expected: one of [start, stop, restart, drain, logs, profile], or",
            "'' | room-1 | 1.0 | verb:  (expected: one of",
            "start | room-2 | 1.0 | process: room-2 (expected: one of [room-1])",
            "start | ../room-1 | 1.0 | process: ../room-1 (expected: one of [room-1])",
            "start | room-1 | 9.9 | version: 9.9 (expected: one of [])",
            "start | room-1 | ../../etc | version: ../../etc (expected: letters, digits",
            "start | room-1 | '' | version: none (expected: one of [], room-1 never ran here)"})
    void refusesWhatItDoesNotHave(String verb, String process, String version, String told) {
        Status status = refusal(order(verb, process, version));
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).startsWith(told);
    }

    @Test
    void obeysNobodyItDoesNotTrust() {
        SignedOrder stranger = new OrderSigner(SigningKey.generate(), Clock.system())
                .order(Order.newBuilder().setHost("h1").setVerb("stop").setProcess("room-1").build());
        assertThat(refusal(stranger).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        SignedOrder once = order("stop", "room-1", "");
        assertThat(obey(once)).extracting(OrderEvent::getStep).containsExactly("stopping", "stopped", "stop");
        assertThat(refusal(once).getDescription()).startsWith("nonce: seen before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "restart"})
    void givesAProcessTheTimeOfADrainToEnd(String verb) throws Exception {
        byte[] archive = Files.readAllBytes(Made.version(home.resolve("a.zip")));
        deploy("1.0", archive, archive);
        var events = new ArrayList<OrderEvent>();

        Throwable died = catchThrowable(() -> stub.obey(order(verb, "room-1", "1.0")).forEachRemaining(events::add));

        assertThat(died == null).as("started again, it dies").isEqualTo(verb.equals("stop"));
        assertThat(events.getFirst().getStep()).isEqualTo("stopping");
        assertThat(events.getFirst().getText()).isEqualTo("within 300000 ms");
    }

    @Test
    void takesAVersionAndTellsWhatAProcessThatDiedPrinted() throws Exception {
        byte[] archive = Files.readAllBytes(Made.version(home.resolve("a.zip")));
        assertThat(deploy("1.0", archive, archive).getFiles()).isEqualTo(2);
        assertThat(stub.report(ReportRequest.getDefaultInstance()).getVersionsList()).containsExactly("1.0");

        Status died = refusal(order("start", "room-1", "1.0"));
        assertThat(died.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(died.getDescription()).startsWith("room-1: ended with 3 (expected: it serves within")
                .contains("process h1/room-1 version 1.0");
        ProcessReport process = stub.report(ReportRequest.getDefaultInstance()).getProcesses(0);
        assertThat(process.getState()).isEqualTo(ProcessReport.State.DIED);
        List<OrderEvent> logs = obey(order("logs", "room-1", ""));
        assertThat(logs.getFirst().getData().toStringUtf8()).contains("args run room --config ");
        assertThat(refusal(order("drain", "room-1", "")).getDescription())
                .isEqualTo("room-1: does not run (expected: running)");
    }

    @Test
    void startsProfilesReportsAndStopsAProcess() throws Exception {
        Files.writeString(home.resolve("room.yaml"), "# works\n");
        byte[] archive = Files.readAllBytes(Made.version(home.resolve("a.zip")));
        deploy("1.0", archive, archive);
        try (Service member = member()) {
            var start = CompletableFuture.supplyAsync(() -> obey(order("start", "room-1", "1.0")));
            await().atMost(SOON).until(() -> room().getPid() > 0);
            long pid = room().getPid();
            assertThat(start).as("started is who serves, not who runs").isNotDone();
            member.cluster().publish(Map.of("process", "h1/room-1", "pid", Long.toString(pid)));
            assertThat(start.get(1, TimeUnit.MINUTES)).extracting(OrderEvent::getStep)
                    .containsExactly("starting", "serving", "start");

            await().atMost(SOON).untilAsserted(() -> assertThat(room().getCpuUsed()).isBetween(0.02, 4.0));
            ProcessReport room = room();
            assertThat(room.getState()).isEqualTo(ProcessReport.State.RUNNING);
            assertThat(room.getVersion()).isEqualTo("1.0");
            assertThat(room.getRssBytes()).as("a JVM").isBetween(8L << 20, 1L << 30);
            assertThat(room.getSockets()).as("the one it listens on").isPositive();
            assertThat(room.getOpenFiles()).isGreaterThan(room.getSockets());

            assertThat(profile()).contains("<html");

            assertThat(obey(order("stop", "room-1", ""))).extracting(OrderEvent::getStep)
                    .containsExactly("stopping", "stopped", "stop");
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(room().getState()).isEqualTo(ProcessReport.State.STOPPED);
            assertThat(room().getPid()).isZero();
        }
    }

    private ProcessReport room() {
        return stub.report(ReportRequest.getDefaultInstance()).getProcesses(0);
    }

    // The process that the agent starts here is no part of a deployment; this one stands for it in there.
    private Service member() {
        return Service.start("room", ConfigNode.of(Map.of("service", Map.of("zookeeper", zookeeper.connectString(),
                "dataDir", home.resolve("member").toString(), "session", "3s", "drain", "0"))), node -> node,
                (service, config) -> {
                }, HaltPoints.none());
    }

    private String profile() throws IOException {
        List<OrderEvent> events = obey(signer.order(Order.newBuilder().setHost("h1").setVerb("profile")
                .setProcess("room-1").setEvent("cpu").setSeconds(1).build()));
        assertThat(events.getLast().getDone()).isTrue();
        assertThat(events.getLast().getStep()).isEqualTo("profile");
        var html = new ByteArrayOutputStream();
        for (OrderEvent event : events.subList(0, events.size() - 1)) {
            var chunk = ProfileChunk.parseFrom(event.getData());
            if (chunk.hasHead()) {
                assertThat(chunk.getHead().getEvent()).isEqualTo("cpu");
            } else if (chunk.getFile().endsWith(".html")) {
                chunk.getData().writeTo(html);
            }
        }
        return html.toString(StandardCharsets.UTF_8);
    }

    @Test
    void takesNoVersionOfAKeepersKeyAndNoOrderOfAnOperators() throws Exception {
        byte[] archive = Files.readAllBytes(Made.version(home.resolve("a.zip")));
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class,
                () -> deploy("1.0", archive, archive, key));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused.getStatus().getDescription()).startsWith("signature: of an unknown key");
        SignedOrder order = new OrderSigner(maker, Clock.system())
                .order(Order.newBuilder().setHost("h1").setVerb("stop").setProcess("room-1").build());
        assertThat(refusal(order).getDescription()).startsWith("signature: of an unknown key");
    }

    @Test
    void shortensALogThatHasGrownAndStillTellsItsEnd() throws Exception {
        Path log = home.resolve("agent/logs/room-1.log");
        try (var file = new RandomAccessFile(log.toFile(), "rw")) {
            file.seek(64L << 20);
            file.write("\nthe end\n".getBytes(StandardCharsets.UTF_8));
        }

        await().atMost(SOON).until(() -> Files.size(log) == 0);

        assertThat(obey(order("logs", "room-1", "")).getFirst().getData().toStringUtf8()).isEqualTo("the end");
    }

    @Test
    void saysAtOnceThatAVersionIsHere() throws Exception {
        byte[] archive = Files.readAllBytes(Made.version(home.resolve("a.zip")));
        assertThat(deploy("1.0", archive, archive).getAlready()).isFalse();
        assertThat(deploy("1.0", archive, new byte[2]).getAlready()).as("before any of it came").isTrue();
    }

    @Test
    void refusesAVersionThatIsNotWhatWasSigned() throws Exception {
        byte[] archive = Files.readAllBytes(Made.version(home.resolve("a.zip")));
        byte[] other = archive.clone();
        other[other.length - 1]++;
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class,
                () -> deploy("1.0", archive, other));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).startsWith("sha256: ");
        StatusRuntimeException unsigned = catchThrowableOfType(StatusRuntimeException.class,
                () -> send(List.of(DeployChunk.newBuilder().setData(ByteString.copyFrom(archive)).build())));
        assertThat(unsigned.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(deploy("1.0", archive, archive).getFiles()).as("the next one").isEqualTo(2);
    }

    private DeployReply deploy(String version, byte[] signed, byte[] sent) throws Exception {
        return deploy(version, signed, sent, maker);
    }

    private DeployReply deploy(String version, byte[] signed, byte[] sent, SigningKey by) throws Exception {
        VersionManifest manifest = VersionManifest.newBuilder().setVersion(version).setSize(signed.length)
                .setSha256(ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(signed))).build();
        int half = sent.length / 2;
        return send(List.of(
                DeployChunk.newBuilder().setManifest(new OrderSigner(by, Clock.system()).manifest(manifest)).build(),
                DeployChunk.newBuilder().setData(ByteString.copyFrom(sent, 0, half)).build(),
                DeployChunk.newBuilder().setData(ByteString.copyFrom(sent, half, sent.length - half)).build()));
    }

    private DeployReply send(List<DeployChunk> chunks) throws Exception {
        var reply = new CompletableFuture<DeployReply>();
        StreamObserver<DeployChunk> call = AgentGrpc.newStub(agent.rpc().channel(agent.cluster().self().rpcAddress()))
                .deploy(new StreamObserver<>() {
                    @Override
                    public void onNext(DeployReply answer) {
                        reply.complete(answer);
                    }

                    @Override
                    public void onError(Throwable refused) {
                        reply.completeExceptionally(refused);
                    }

                    @Override
                    public void onCompleted() {
                        reply.completeExceptionally(new IllegalStateException("no answer"));
                    }
                });
        chunks.forEach(call::onNext);
        call.onCompleted();
        try {
            return reply.get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            if (failed.getCause() instanceof StatusRuntimeException refused) {
                throw refused;
            }
            throw failed;
        }
    }

    private SignedOrder order(String verb, String process, String version) {
        return signer.order(Order.newBuilder().setHost("h1").setVerb(verb).setProcess(process).setVersion(version)
                .build());
    }

    private List<OrderEvent> obey(SignedOrder order) {
        var events = new ArrayList<OrderEvent>();
        stub.obey(order).forEachRemaining(events::add);
        return events;
    }

    private Status refusal(SignedOrder order) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> obey(order)).getStatus();
    }
}
