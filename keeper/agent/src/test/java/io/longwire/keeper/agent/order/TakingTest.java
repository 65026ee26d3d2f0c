package io.longwire.keeper.agent.order;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.agent.version.Versions;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.keeper.trust.TrustedKeys;
import io.longwire.rpc.agent.DeployChunk;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.VersionManifest;
import io.longwire.testkit.time.VirtualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class TakingTest {
    @TempDir
    private Path home;
    private final VirtualClock clock = new VirtualClock();
    private final SigningKey key = SigningKey.generate();
    private Versions versions;

    @BeforeEach
    void start() throws IOException {
        versions = new Versions(home, new TrustedKeys(List.of(key.publicText())));
    }

    @Test
    void givesThePlaceFreeWhenNothingComes() throws Exception {
        var first = new Answer();
        var taking = new Taking(versions, clock, first);
        taking.onNext(begins());
        var second = new Answer();
        new Taking(versions, clock, second).onNext(begins());
        assertThat(second.refusal().getDescription()).contains("another version is being taken");

        clock.advance(Duration.ofSeconds(71));
        assertThat(first.refusal().getDescription())
                .startsWith("deploy: takes too long (expected: a chunk within 60 s");
        var third = new Answer();
        new Taking(versions, clock, third).onNext(begins());
        assertThat(third.reply).isNotDone();
        taking.onNext(begins());
        taking.onCompleted();
    }

    private DeployChunk begins() {
        return DeployChunk.newBuilder().setManifest(new OrderSigner(key, clock).manifest(VersionManifest.newBuilder()
                .setVersion("1.0").setSize(1_000).setSha256(ByteString.copyFrom(new byte[32])).build())).build();
    }

    /** What the other side hears, once. */
    private static final class Answer implements StreamObserver<DeployReply> {
        private final CompletableFuture<DeployReply> reply = new CompletableFuture<>();

        @Override
        public void onNext(DeployReply answer) {
            assertThat(reply.complete(answer)).isTrue();
        }

        @Override
        public void onError(Throwable refused) {
            assertThat(reply.completeExceptionally(refused)).isTrue();
        }

        @Override
        public void onCompleted() {
            assertThat(reply).isDone();
        }

        Status refusal() {
            ExecutionException failed = catchThrowableOfType(ExecutionException.class,
                    () -> reply.get(10, TimeUnit.SECONDS));
            return failed.getCause() instanceof StatusRuntimeException refused ? refused.getStatus() : Status.OK;
        }
    }
}
