package io.longwire.keeper.profile;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.process.DescribeRequest;
import io.longwire.rpc.process.Description;
import io.longwire.rpc.process.DrainRequest;
import io.longwire.rpc.process.HeapRequest;
import io.longwire.rpc.process.ProcessGrpc;
import io.longwire.rpc.process.ProcessGrpc.ProcessBlockingStub;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileRequest;
import io.longwire.rpc.process.ThreadsReply;
import io.longwire.rpc.process.ThreadsRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.curator.test.TestingServer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** A process asked about itself over its rpc port. */
final class ProcessRpcIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path data;
    private TestingServer zookeeper;
    private Service service;
    private ProcessBlockingStub process;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Duration> drains = new ArrayList<>();
    private final CountDownLatch drained = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer();
        Thread.ofPlatform().daemon().name("busy").start(() -> Busyness.until(end));
        service = Service.start("part", ConfigNode.of(Map.of("service", Map.of("zookeeper",
                zookeeper.getConnectString(), "dataDir", data.toString(), "drain", "5s"))), node -> node,
                (runtime, config) -> runtime.onDrain(() -> {
                    drains.add(runtime.drainTime());
                    awaitDrained();
                }), HaltPoints.none());
        process = ProcessGrpc.newBlockingStub(service.rpc().channel(service.cluster().self().rpcAddress()));
    }

    @AfterEach
    void stop() throws IOException {
        drained.countDown();
        end.countDown();
        service.close();
        zookeeper.close();
    }

    private void awaitDrained() {
        try {
            drained.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource({"cpu, Busyness.spin", "wall, Busyness.spin", "alloc, Busyness.allocate", "lock, Busyness.contend"})
    void samplesItselfAndSendsStacksAndAFlameGraph(String event, String frame) throws IOException {
        var monitor = new Object();
        Thread.ofPlatform().daemon().name("allocating").start(() -> Busyness.allocating(end));
        Thread.ofPlatform().daemon().name("contending-1").start(() -> Busyness.contending(monitor, end));
        Thread.ofPlatform().daemon().name("contending-2").start(() -> Busyness.contending(monitor, end));
        var html = new ByteArrayOutputStream();
        var stacks = new ByteArrayOutputStream();
        Iterator<ProfileChunk> chunks = profile(event, 1);
        ProfileChunk head = chunks.next();
        while (chunks.hasNext()) {
            ProfileChunk chunk = chunks.next();
            chunk.getData().writeTo(chunk.getFile().endsWith(".html") ? html : stacks);
        }
        assertThat(head.getHead().getEvent()).isEqualTo(event);
        assertThat(head.getHead().getProfiler()).matches("async-profiler .+|JFR");
        assertThat(head.getHead().getSamples()).isPositive();
        assertThat(head.getHead().getSeconds()).isBetween(1.0, 10.0);
        assertThat(head.getHead().getHtmlBytes()).isEqualTo(html.size());
        assertThat(head.getHead().getCollapsedBytes()).isEqualTo(stacks.size());
        assertThat(html.toString(StandardCharsets.UTF_8)).contains("<html").contains(
                service.cluster().self().instance());
        assertThat(stacks.toString(StandardCharsets.UTF_8)).contains(frame);
        try (var left = Files.walk(data.resolve("profiles"))) {
            assertThat(left.filter(file -> file.toString().contains("profile-"))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"sleep | 1 | event: sleep (expected: cpu, wall, alloc or lock)",
            "'' | 1 | event:  (expected: cpu, wall, alloc or lock)",
            "cpu | 0 | seconds: 0 (expected: 1 to 300)", "cpu | 301 | seconds: 301 (expected: 1 to 300)"})
    void refusesWhatCannotBe(String event, int seconds, String told) {
        Status status = refusal(() -> profile(event, seconds).next());
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).isEqualTo(told);
    }

    @Test
    void takesOneAtATimeAndEndsWithItsCaller() {
        var first = Context.current().withCancellation();
        first.run(() -> profile("cpu", 300));
        await().atMost(SOON).until(() -> describe().getProfile().getRunning());
        Status status = refusal(() -> profile("alloc", 1).next());
        assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(status.getDescription()).startsWith("profile: cpu is being taken, for ");

        first.cancel(null);
        await().atMost(SOON).until(() -> !describe().getProfile().getRunning());
        Iterator<ProfileChunk> next = profile("alloc", 1);
        assertThat(next.next().getHead().getEvent()).isEqualTo("alloc");
        next.forEachRemaining(chunk -> assertThat(chunk.hasHead()).isFalse()); // unread ones would hold their buffers
    }

    @Test
    void tellsItsHeapAndItsThreads() throws Exception {
        assertThat(process.heap(HeapRequest.newBuilder().setLimit(3).build()).getClassesCount()).isEqualTo(3);
        Status again = refusal(() -> process.heap(HeapRequest.getDefaultInstance()));
        assertThat(again.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(again.getDescription()).matches("heap: one was taken \\d+ ms ago \\(expected: 10 s between two\\)");
        var parked = new CompletableFuture<Thread>();
        Thread virtual = Thread.ofVirtual().name("a-virtual-one").start(() -> {
            parked.complete(Thread.currentThread());
            Busyness.until(end);
        });
        parked.get();
        ThreadsReply threads = process.threads(ThreadsRequest.getDefaultInstance());
        assertThat(threads.getText()).contains("a-virtual-one").contains("\"busy\"");
        assertThat(threads.getPlatform()).isPositive();
        assertThat(threads.getVirtual()).isPositive();
        assertThat(threads.getDeadlockedList()).isEmpty();
        end.countDown();
        virtual.join();
    }

    @Test
    void describesItself() {
        Description now = describe();
        assertThat(now.getPart()).isEqualTo("part");
        assertThat(now.getPid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(now.getPhase()).isEqualTo("serving");
        assertThat(now.getFindingsMap()).containsEntry("zookeeper", "");
        assertThat(now.getHeapUsedBytes()).isPositive();
        assertThat(now.getRssBytes()).isGreaterThan(now.getHeapUsedBytes() / 2);
        assertThat(now.getGaugesMap()).containsEntry("cluster_fenced", 0.0);
        assertThat(now.getCountersMap()).containsEntry("cluster_incarnations_total", 1L);
        assertThat(now.getCollectorsList()).isNotEmpty();
        process.heap(HeapRequest.getDefaultInstance()); // a full collection
        await().atMost(SOON).untilAsserted(() -> assertThat(describe().getCollectorsList().stream()
                .mapToInt(collector -> collector.getRecentCount()).sum()).isPositive());
        assertThat(now.getDrain().getBegun()).isFalse();
    }

    @Test
    void tellsItsCollectionsLoopsAndCalls() {
        Map<String, Double> gauges = describe().getGaugesMap();
        assertThat(gauges).containsKeys("rpc_loop_lag_millis", "rpc_loop_tasks", "rpc_items_queued",
                "rpc_items_in_flight").containsEntry("rpc_calls_in_flight", 1.0); // the question itself
        var other = Context.current().withCancellation();
        other.run(() -> profile("cpu", 300));
        await().atMost(SOON).untilAsserted(() -> assertThat(describe().getGaugesMap())
                .containsEntry("rpc_calls_in_flight", 2.0));
        other.cancel(null);
        await().atMost(SOON).untilAsserted(() -> assertThat(describe().getGaugesMap())
                .containsEntry("rpc_calls_in_flight", 1.0));

        process.heap(HeapRequest.getDefaultInstance()); // a full collection
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(describe().getCountersMap().entrySet().stream()
                    .filter(each -> each.getKey().startsWith("gc_collections_total{collector="))
                    .mapToLong(Map.Entry::getValue).sum()).isPositive();
            assertThat(scrape()).containsPattern("longwire_gc_pause_seconds_count [1-9]")
                    .containsPattern("longwire_gc_millis_total\\{collector=\"[^\"]+\"} [1-9]")
                    .contains("longwire_rpc_loop_lag_millis ", "longwire_rpc_calls_in_flight ",
                            "longwire_rpc_items_in_flight ", "longwire_rpc_items_queued ", "longwire_rpc_loop_tasks ");
        });
    }

    private String scrape() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create("http://" + service.cluster().self().adminAddress()
                    + "/metrics")).build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void drainsWhenAskedWithinTheTimeAskedFor() {
        Status status = refusal(() -> process.drain(DrainRequest.newBuilder().setWithinMs(999).build()));
        assertThat(status.getDescription()).isEqualTo("within_ms: 999 (expected: 1000 to 1800000)");

        assertThat(process.drain(DrainRequest.newBuilder().setWithinMs(7_000).build()).getBegun()).isTrue();
        await().atMost(SOON).until(() -> drains.size() == 1);
        assertThat(drains).containsExactly(Duration.ofSeconds(7));
        assertThat(process.drain(DrainRequest.newBuilder().setWithinMs(9_000).build()).getWithinMs())
                .as("begun once").isEqualTo(7_000);
        assertThat(describe().getPhase()).isEqualTo("draining");
        assertThat(describe().getDrain().getOver()).isFalse();
        assertThat(service.cluster().self().draining()).isTrue();
        drained.countDown();
        await().atMost(SOON).until(() -> describe().getDrain().getOver());
        assertThat(drains).hasSize(1);
    }

    private Description describe() {
        return process.describe(DescribeRequest.getDefaultInstance());
    }

    private Iterator<ProfileChunk> profile(String event, int seconds) {
        return process.profile(ProfileRequest.newBuilder().setEvent(event).setSeconds(seconds).build());
    }

    private static Status refusal(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
    }
}
