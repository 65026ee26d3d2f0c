package io.longwire.keeper.profile;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.ProcessGrpc;
import io.longwire.rpc.process.ProcessGrpc.ProcessBlockingStub;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.test.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A process under the deployment's switch of sampling. */
final class SamplingIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path data;
    private final CountDownLatch end = new CountDownLatch(1);
    private TestingServer zookeeper;
    private CuratorFramework client;
    private @Nullable Service service;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer();
        client = ZooKeeperClient.connect(zookeeper.getConnectString(), "longwire", Duration.ofSeconds(10));
        Thread.ofPlatform().daemon().name("busy").start(() -> Busyness.until(end));
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        if (service != null) {
            service.close();
        }
        client.close();
        zookeeper.close();
    }

    @Test
    void samplesFromWhenItIsSwitchedOnUntilItIsSwitchedOff() throws Exception {
        ProcessBlockingStub process = process();
        assertThatThrownBy(() -> past(process)).isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("past: nothing was sampled");

        client.create().forPath(ZooKeeperPaths.SAMPLING, "another part".getBytes(StandardCharsets.UTF_8));

        await().atMost(SOON).until(() -> sampled(process));
        await().atMost(SOON).untilAsserted(() -> assertThat(past(process)).contains("Busyness.spin"));
        await().atMost(SOON).untilAsserted(() -> assertThat(attribute()).isEqualTo("on"));

        client.setData().forPath(ZooKeeperPaths.SAMPLING, "another".getBytes(StandardCharsets.UTF_8));

        await().atMost(SOON).until(() -> !sampled(process));
        await().atMost(SOON).untilAsserted(() -> assertThat(attribute()).isEqualTo("off"));
    }

    @Test
    void losesNothingOfThePastToThoseWhoAskOften() throws Exception {
        ProcessBlockingStub process = process();
        client.create().forPath(ZooKeeperPaths.SAMPLING, SampledParts.bytes(List.of("part")));
        await().atMost(SOON).until(() -> kept(process) >= 5);

        for (int i = 0; i < 20; i++) {
            assertThat(past(process)).contains("Busyness.spin");
        }

        assertThat(kept(process)).isGreaterThanOrEqualTo(5);
    }

    @Test
    void samplesFromItsStartWhereItWasSwitchedOnBefore() throws Exception {
        client.create().forPath(ZooKeeperPaths.SAMPLING, SampledParts.bytes(List.of("part")));

        ProcessBlockingStub process = process();

        await().atMost(SOON).until(() -> sampled(process));
        await().atMost(SOON).untilAsserted(() -> assertThat(past(process)).contains("Busyness.spin"));
    }

    @Test
    void beginsLateWhereAProfileIsBeingTaken() throws Exception {
        ProcessBlockingStub process = process();
        var profile = process.profile(ProfileRequest.newBuilder().setEvent("cpu").setSeconds(2).build());
        await().atMost(SOON).until(() -> process.describe(DescribeRequest.getDefaultInstance()).getProfile()
                .getRunning());

        client.create().forPath(ZooKeeperPaths.SAMPLING, SampledParts.bytes(List.of("part")));

        profile.forEachRemaining(chunk -> assertThat(chunk.getSerializedSize()).isPositive());
        await().atMost(SOON).until(() -> sampled(process));
    }

    private ProcessBlockingStub process() {
        Service started = Service.start("part", ConfigNode.of(Map.of("service", Map.of("zookeeper",
                zookeeper.getConnectString(), "dataDir", data.toString(), "drain", "0"))), node -> node,
                (runtime, config) -> {
                }, HaltPoints.none());
        service = started;
        return ProcessGrpc.newBlockingStub(started.rpc().channel(started.cluster().self().rpcAddress()));
    }

    private String attribute() {
        return service == null ? "" : service.cluster().self().attributes().getOrDefault("sampling", "");
    }

    private static int kept(ProcessBlockingStub process) {
        return process.describe(DescribeRequest.getDefaultInstance()).getSample().getKeptSeconds();
    }

    private static boolean sampled(ProcessBlockingStub process) {
        return process.describe(DescribeRequest.getDefaultInstance()).getSample().getOn();
    }

    private static String past(ProcessBlockingStub process) {
        var stacks = new StringBuilder();
        process.profile(ProfileRequest.newBuilder().setEvent("cpu").setSeconds(300).setPast(true).build())
                .forEachRemaining(chunk -> stacks.append(collapsed(chunk)));
        return stacks.toString();
    }

    private static String collapsed(ProfileChunk chunk) {
        return chunk.getFile().endsWith(".collapsed") ? chunk.getData().toStringUtf8() : "";
    }
}
