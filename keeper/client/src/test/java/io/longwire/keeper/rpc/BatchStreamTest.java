package io.longwire.keeper.rpc;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.clock.TestClock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.register.LookupResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class BatchStreamTest {
    private static final Duration DEADLINE = Duration.ofMillis(200);

    private final RpcLoops loops = new RpcLoops("test", 2);
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final FakeRegister register = new FakeRegister();
    private RpcServer server;
    private Peers peers = new Peers(loops, Clock.system());

    @BeforeEach
    void serve() throws IOException {
        server = serveOn(0);
    }

    @AfterEach
    void close() {
        register.holding = false;
        peers.close();
        server.close();
        loops.close();
    }

    @Test
    void answersEachItemWithItsOwnResult() {
        try (var stream = stream(Clock.system(), Duration.ofSeconds(5))) {
            List<CompletableFuture<LookupResult>> answers = LongStream.range(0, 5000).mapToObj(stream::call).toList();

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).join().getSession().getConnSeq()).isEqualTo(i);
            }
            assertThat(register.endpoints()).as("order on the wire")
                    .isEqualTo(LongStream.range(0, 5000).boxed().toList());
            assertThat(stream.pending()).isZero();
        }
    }

    @Test
    void gathersWhileSomethingIsInFlight() {
        try (var stream = stream(Clock.system(), Duration.ofSeconds(5))) {
            register.holding = true;
            stream.call(0L);
            await().until(() -> register.held.size() == 1);

            List<CompletableFuture<LookupResult>> answers = LongStream.range(1, 1201).mapToObj(stream::call).toList();
            await().until(() -> register.endpoints().size() == 1201 && register.held.size() == register.batches.size());
            register.held.forEach(Runnable::run);

            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
            assertThat(register.batches).allMatch(batch -> batch.getEndpointIdsCount() <= StreamQueue.BATCH_ITEMS);
            assertThat(register.batches.size()).isLessThan(100);
        }
    }

    @Test
    void failsAnItemAtItsDeadlineAndServesTheNextOnes() {
        var clock = new TestClock();
        try (var stream = stream(clock, DEADLINE)) {
            register.holding = true;
            CompletableFuture<LookupResult> late = stream.call(1L);
            await().until(() -> register.held.size() == 1);
            assertThat(late).isNotDone();

            clock.advance(DEADLINE.plusMillis(20));

            assertFails(late, RpcFailure.Kind.DEADLINE);
            register.holding = false;
            register.held.remove().run();
            assertThat(stream.call(2L).join().getSession().getConnSeq()).isEqualTo(2);
        }
    }

    @Test
    void givesUpAStreamThatHangs() {
        var clock = new TestClock();
        try (var stream = stream(clock, DEADLINE)) {
            register.holding = true;
            CompletableFuture<LookupResult> late = stream.call(1L);
            await().until(() -> register.held.size() == 1);
            register.holding = false;

            clock.advance(DEADLINE.plusMillis(20));
            assertFails(late, RpcFailure.Kind.DEADLINE);
            await().pollInterval(Duration.ofMillis(10)).until(() -> {
                clock.advance(Duration.ofMillis(500));
                return metrics.counter(RuntimeMetric.RPC_STREAM_BREAKS).count() == 1;
            });

            assertThat(stream.call(2L).join().getSession().getConnSeq()).isEqualTo(2);
        }
    }

    @Test
    void refusesWhatItsQueueCannotHold() {
        try (var stream = stream(Clock.system(), Duration.ofSeconds(30))) {
            register.holding = true;
            var answers = new ArrayList<CompletableFuture<LookupResult>>();
            int most = StreamQueue.MAX_QUEUED + BatchServer.MAX_IN_FLIGHT * StreamQueue.BATCH_ITEMS;
            for (long i = 0; i < most + 1000; i++) {
                answers.add(stream.call(i));
            }

            await().until(() -> answers.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            assertFails(answers.stream().filter(CompletableFuture::isCompletedExceptionally).findFirst().orElseThrow(),
                    RpcFailure.Kind.QUEUE_FULL);
            assertThat(stream.pending()).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void failsWhatIsInFlightAtABreakAndOpensAgain() throws IOException {
        try (var stream = stream(Clock.system(), Duration.ofSeconds(5))) {
            stream.call(1L).join();
            register.holding = true;
            CompletableFuture<LookupResult> lost = stream.call(2L);
            await().until(() -> register.held.size() == 1);

            int port = server.port();
            server.close();
            assertFails(lost, RpcFailure.Kind.DISCONNECTED);
            register.holding = false;
            await().until(() -> kindOf(stream.call(3L)).isPresent());
            server = serveOn(port);

            await().atMost(Duration.ofSeconds(60)).until(() -> kindOf(stream.call(4L)).isEmpty());
        }
    }

    @Test
    void tellsTheFirstBatchThatItWasRefusedWhenTheHandlerFails() {
        try (var stream = stream(Clock.system(), Duration.ofSeconds(5))) {
            stream.call(1L).join();
            register.failing = true;
            assertFails(stream.call(2L), RpcFailure.Kind.REFUSED);

            register.failing = false;
            assertThat(stream.call(3L).join().getSession().getConnSeq()).isEqualTo(3);
        }
    }

    @Test
    void failsEverythingWhenClosed() {
        var stream = stream(Clock.system(), Duration.ofSeconds(5));
        register.holding = true;
        CompletableFuture<LookupResult> open = stream.call(1L);
        await().until(() -> register.held.size() == 1);

        stream.close();

        assertFails(open, RpcFailure.Kind.CLOSED);
        assertFails(stream.call(2L), RpcFailure.Kind.CLOSED);
    }

    @Test
    void losesNoItemWhenManyThreadsCall() throws InterruptedException {
        try (var stream = stream(Clock.system(), Duration.ofSeconds(20))) {
            int threads = 4;
            int each = 3000;
            var done = new CountDownLatch(threads * each);
            for (int t = 0; t < threads; t++) {
                Thread.ofVirtual().start(() -> {
                    for (long i = 0; i < each; i++) {
                        stream.call(i).join();
                        done.countDown();
                    }
                });
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void showsWhatWaitsUntilItIsClosed() {
        register.holding = true;
        var held = new CountDownLatch(1);
        try (var stream = stream(Clock.system(), Duration.ofSeconds(20))) {
            loops.group().forEach(loop -> loop.execute(() -> awaitUnbroken(held)));
            stream.call(1L);
            assertThat(metrics.value(RuntimeMetric.RPC_QUEUED)).isOne();
            assertThat(metrics.value(RuntimeMetric.RPC_IN_FLIGHT)).isZero();

            held.countDown();

            await().until(() -> metrics.value(RuntimeMetric.RPC_IN_FLIGHT) == 1);
            assertThat(metrics.value(RuntimeMetric.RPC_QUEUED)).isZero();
        }
        await().until(() -> metrics.value(RuntimeMetric.RPC_IN_FLIGHT) == 0);
    }

    @Test
    void showsHowLateItsLoopsAre() {
        loops.show(Clock.system(), metrics);
        var held = new CountDownLatch(1);
        loops.next().execute(() -> awaitUnbroken(held));
        await().until(() -> metrics.value(RuntimeMetric.RPC_LOOP_LAG) >= 1_000);

        held.countDown();

        await().until(() -> metrics.value(RuntimeMetric.RPC_LOOP_LAG) < 200);
    }

    @Test
    void showsTheTasksThatWaitForItsLoops() {
        loops.show(Clock.system(), metrics);
        var held = new CountDownLatch(1);
        loops.group().forEach(loop -> loop.execute(() -> awaitUnbroken(held)));
        loops.group().forEach(loop -> loop.execute(() -> {
        }));
        assertThat(metrics.value(RuntimeMetric.RPC_LOOP_TASKS)).isGreaterThanOrEqualTo(2);
        held.countDown();
        await().until(() -> metrics.value(RuntimeMetric.RPC_LOOP_TASKS) == 0);
    }

    private static void awaitUnbroken(CountDownLatch held) {
        try {
            held.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private RpcServer serveOn(int port) throws IOException {
        return RpcServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), List.of(register), loops,
                Clock.system(),
                metrics);
    }

    private BatchStream<Long, LookupResult, ?, ?> stream(Clock clock, Duration deadline) {
        var counters = new RpcCounters(metrics);
        return counters.opened(new BatchStream<>(peers.acquire("127.0.0.1:" + server.port()), new Lookups(deadline),
                clock, counters, Outcome.none()));
    }

    private static void assertFails(CompletableFuture<?> answer, RpcFailure.Kind kind) {
        assertThatThrownBy(answer::join).cause().isInstanceOfSatisfying(RpcFailure.class,
                failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    private static Optional<RpcFailure.Kind> kindOf(CompletableFuture<?> answer) {
        try {
            answer.join();
            return Optional.empty();
        } catch (CompletionException failure) {
            return failure.getCause() instanceof RpcFailure told ? Optional.of(told.kind()) : Optional.empty();
        }
    }
}
