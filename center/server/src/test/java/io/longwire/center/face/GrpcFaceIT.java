package io.longwire.center.face;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.longwire.center.access.CallerAddress;
import io.longwire.center.access.Networks;
import io.longwire.center.api.AllOthers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.rest.Incoming;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.CenterGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A stream of answers over a real connection. */
class GrpcFaceIT {
    private static final Duration USUAL = Duration.ofSeconds(2);
    private final LinkedBlockingQueue<Calls.Sink<BroadcastInfo>> begun = new LinkedBlockingQueue<>();
    private final CountDownLatch gone = new CountDownLatch(1);
    private Server server;
    private ManagedChannel channel;
    private CenterGrpc.CenterBlockingStub api;

    @BeforeEach
    void start() {
        Feature watch = table -> table.stream("WatchBroadcast", BroadcastName.getDefaultInstance(), this::begin);
        var calls = Calls.of(ApiServer.SERVICE, List.of(watch, AllOthers.than("WatchBroadcast")));
        var face = new GrpcFace(calls, new Incoming(new CallerAddress(() -> Networks.NONE)),
                Clock.system(),
                new FakeMetrics());
        server = Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).requestTimeout(USUAL)
                .service(GrpcService.builder().addService(face.service()).build()).build();
        server.start().join();
        channel = NettyChannelBuilder
                .forAddress(InetAddress.getLoopbackAddress().getHostAddress(), server.activeLocalPort()).usePlaintext()
                .build();
        api = CenterGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.stop().join();
    }

    private Runnable begin(Object call, BroadcastName request, Calls.Sink<BroadcastInfo> out) {
        if (request.getBroadcastId().isEmpty()) {
            throw Refused.because(Why.FORBIDDEN, "no");
        }
        begun.add(out);
        return gone::countDown;
    }

    @Test
    void lastsLongerThanACallMayAndEndsWithItsLastAnswer() throws Exception {
        var watched = api.watchBroadcast(BroadcastName.newBuilder().setBroadcastId("b").build());
        var out = begun.take();
        out.next(info(1));
        assertThat(watched.next().getSeq()).isEqualTo(1);
        assertThat(gone.await(USUAL.toMillis() + 500, TimeUnit.MILLISECONDS)).isFalse();

        out.next(info(2));
        out.end();

        assertThat(watched.next().getSeq()).isEqualTo(2);
        assertThat(watched.hasNext()).isFalse();
    }

    @Test
    void tellsTheWorkThatTheCallerHasGone() throws Exception {
        var watched = api.watchBroadcast(BroadcastName.newBuilder().setBroadcastId("b").build());
        begun.take().next(info(1));
        watched.next();

        channel.shutdownNow();

        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesAStreamAsAnyCall() {
        assertThatThrownBy(() -> api.watchBroadcast(BroadcastName.getDefaultInstance()).next())
                .isInstanceOf(StatusRuntimeException.class).hasMessage("PERMISSION_DENIED: no");
    }

    private static BroadcastInfo info(long seq) {
        return BroadcastInfo.newBuilder().setSeq(seq).build();
    }
}
