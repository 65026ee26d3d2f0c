package io.longwire.keeper.rpc;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.RegisterGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class BatchServerTest {
    private final RpcLoops loops = new RpcLoops("test", 2);
    private final FakeRegister register = new FakeRegister();
    private final Peers peers = new Peers(loops, Clock.system());
    private final List<Long> replied = new CopyOnWriteArrayList<>();
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private RpcServer server;
    private StreamObserver<LookupBatch> stream;

    @BeforeEach
    void open() throws IOException {
        server = RpcServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(register), loops,
                Clock.system(), new PrometheusMetrics());
        stream = RegisterGrpc.newStub(peers.channel("127.0.0.1:" + server.port())).lookup(new StreamObserver<>() {
            @Override
            public void onNext(LookupBatchReply reply) {
                replied.add(reply.getBatchId());
            }

            @Override
            public void onError(Throwable failure) {
                broken.add(failure);
            }

            @Override
            public void onCompleted() {
                replied.add(-1L);
            }
        });
    }

    @AfterEach
    void close() {
        peers.close();
        server.close();
        loops.close();
    }

    @Test
    void readsNoMoreThanItMayWorkOn() {
        register.holding = true;
        send(100);

        await().until(() -> register.batches.size() == BatchServer.MAX_IN_FLIGHT);
        await().during(Duration.ofMillis(200)).until(() -> register.batches.size() == BatchServer.MAX_IN_FLIGHT);

        register.held.remove().run();
        await().until(() -> register.batches.size() == BatchServer.MAX_IN_FLIGHT + 1);
    }

    @Test
    @Timeout(30)
    void repliesInOrderWhoeverFinishesFirst() {
        register.holding = true;
        var random = new Random(7);
        send(1000);
        stream.onCompleted();

        while (replied.size() < 1001 && broken.isEmpty()) {
            var held = new ArrayList<Runnable>();
            register.held.drainTo(held);
            Collections.shuffle(held, random);
            held.forEach(answer -> Thread.ofVirtual().start(answer));
        }

        assertThat(broken).isEmpty();
        assertThat(replied).hasSize(1001).last().isEqualTo(-1L);
        assertThat(replied.subList(0, 1000)).isEqualTo(LongStream.range(0, 1000).boxed().toList());
    }

    @Test
    void repliesToWhatCameBeforeAFailure() {
        register.holding = true;
        send(3);
        await().until(() -> register.held.size() == 3);
        register.failing = true;
        stream.onNext(LookupBatch.newBuilder().setBatchId(3).addEndpointIds(1).build());
        await().until(() -> register.batches.size() == 4);
        assertThat(broken).isEmpty();

        register.held.forEach(Runnable::run);

        await().until(() -> broken.size() == 1);
        assertThat(replied).containsExactly(0L, 1L, 2L);
        assertThat(broken.getFirst()).hasMessage("INTERNAL: the batch failed");
    }

    private void send(int batches) {
        for (int i = 0; i < batches; i++) {
            stream.onNext(LookupBatch.newBuilder().setBatchId(i).addEndpointIds(i).build());
        }
    }
}
