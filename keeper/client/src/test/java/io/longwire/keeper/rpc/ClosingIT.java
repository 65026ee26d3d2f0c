package io.longwire.keeper.rpc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.common.util.concurrent.ListenableFuture;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.SaverGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The end of a process whose neighbours are away: connections end before the loops they dial on. */
class ClosingIT {
    private static final int ROUNDS = 60;
    private static final int NEIGHBOURS = 4;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final SplittableRandom random = new SplittableRandom(7);

    @BeforeEach
    void listen() {
        assertThat(root.getEffectiveLevel()).isEqualTo(Level.WARN);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        root.detachAppender(log);
    }

    @Test
    void saysNothingWhenItEndsWhileConnectionsDial() throws IOException {
        int[] nobody = new int[NEIGHBOURS];
        for (int i = 0; i < nobody.length; i++) {
            nobody[i] = deadPort();
        }
        for (int round = 0; round < ROUNDS; round++) {
            var loops = new RpcLoops("closing", 2);
            var rpc = new RpcConnections(loops, new FakeCluster(), Clock.system(), metrics);
            var calling = new AtomicBoolean(true);
            var asked = new ConcurrentLinkedQueue<ListenableFuture<?>>();
            // Somebody goes on calling until after the end, as timers of a part do.
            Thread caller = Thread.ofVirtual().start(() -> {
                while (calling.get()) {
                    for (int port : nobody) {
                        asked.add(ask(rpc, port));
                    }
                    LockSupport.parkNanos(200_000);
                }
            });
            // First attempts fail at once, the next follow after some 50 ms: about then the process ends.
            LockSupport.parkNanos(random.nextLong(30_000_000, 80_000_000));
            rpc.close();
            loops.close();
            calling.set(false);
            join(caller);
            assertThat(asked).as("every call ends").isNotEmpty().allMatch(Future::isDone);
        }

        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    @Test
    void refusesCallsAfterItsEnd() throws IOException {
        var loops = new RpcLoops("closing", 1);
        var rpc = new RpcConnections(loops, new FakeCluster(), Clock.system(), metrics);
        rpc.close();

        var late = ask(rpc, deadPort());

        assertThatThrownBy(late::get).hasMessageContaining("UNAVAILABLE");

        loops.close();
        assertThat(log.list).isEmpty();
    }

    private static ListenableFuture<AppRecord> ask(RpcConnections rpc, int port) {
        return SaverGrpc.newFutureStub(rpc.channel("127.0.0.1:" + port)).getApp(GetAppRequest.getDefaultInstance());
    }

    private static int deadPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
