package io.longwire.keeper.server.console.operate;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.keeper.ConfigServiceGrpc;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.WatchRolloutRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Answers of a keeper that is silent for long, over real gRPC. */
final class AnswersIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final BlockingQueue<ServerCallStreamObserver<Rollout>> calls = new LinkedBlockingQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new ConfigServiceGrpc.ConfigServiceImplBase() {
                    @Override
                    public void watchRollout(WatchRolloutRequest request, StreamObserver<Rollout> answer) {
                        var call = (ServerCallStreamObserver<Rollout>) answer;
                        call.setOnCancelHandler(cancelled::countDown);
                        calls.add(call);
                    }
                }).build().start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void doesNotWaitForAnAnswerLongerThanToldAndEndsTheCallWhenClosed() throws Exception {
        try (Answers<Rollout> answers = begun()) {
            ServerCallStreamObserver<Rollout> call = calls.take();
            call.onNext(rollout(1));
            call.onNext(rollout(2));

            assertThat(answers.next(LONG)).contains(rollout(1));
            assertThat(answers.next(LONG)).contains(rollout(2));
            assertThat(answers.next(SHORT)).isEmpty();
            assertThat(answers.over()).isFalse();
            call.onNext(rollout(3));
            assertThat(answers.next(LONG)).contains(rollout(3));
        }

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).as("keeper hears that nobody listens").isTrue();
    }

    @Test
    void isOverWhenTheCallHasEnded() throws Exception {
        try (Answers<Rollout> answers = begun()) {
            ServerCallStreamObserver<Rollout> call = calls.take();
            call.onNext(rollout(1));
            call.onCompleted();

            assertThat(answers.next(LONG)).contains(rollout(1));
            assertThat(answers.over()).isFalse();
            assertThat(answers.next(LONG)).isEmpty();
            assertThat(answers.over()).isTrue();
            assertThat(answers.next(LONG)).isEmpty();
        }
    }

    @Test
    void tellsWhyTheCallFailed() throws Exception {
        try (Answers<Rollout> answers = begun()) {
            calls.take().onError(Status.NOT_FOUND.withDescription("part: x").asRuntimeException());

            assertThatThrownBy(() -> answers.next(LONG)).isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("part: x");
            assertThat(answers.over()).isTrue();
        }
    }

    private Answers<Rollout> begun() {
        var answers = new Answers<Rollout>();
        ClientCalls.asyncServerStreamingCall(channel.newCall(ConfigServiceGrpc.getWatchRolloutMethod(),
                io.grpc.CallOptions.DEFAULT), WatchRolloutRequest.getDefaultInstance(),
                answers.<WatchRolloutRequest>observer());
        return answers;
    }

    private static Rollout rollout(long number) {
        return Rollout.newBuilder().setNumber(number).build();
    }
}
