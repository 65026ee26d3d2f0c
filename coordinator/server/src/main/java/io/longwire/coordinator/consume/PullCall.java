package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.channel.Loop;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.coordinator.PullFrame;
import io.longwire.rpc.coordinator.PullReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The call around a pull stream: nothing is read before the key is known; then each frame goes to the loop, and the
 * next {@link #WINDOW} are read as it has dealt with them.
 */
final class PullCall implements StreamObserver<PullFrame> {
    private static final int WINDOW = 64;
    private static final Duration CHECK = Duration.ofSeconds(5);

    private final PullStream.Parts parts;
    private final Loop loop;
    private final ServerCallStreamObserver<PullReply> replies;
    private final Supplier<CompletableFuture<Integer>> caller;
    private final Clock.Cancellable checks;
    // Owned by the loop.
    private int app;
    private @Nullable PullStream stream;
    private boolean ended;

    /** To be made before the call's method returns: gRPC takes its handlers only until then. */
    PullCall(PullStream.Parts parts, Supplier<CompletableFuture<Integer>> caller,
            ServerCallStreamObserver<PullReply> replies) {
        this.parts = parts;
        this.caller = caller;
        this.loop = parts.channels().loop();
        this.replies = replies;
        replies.disableAutoRequest();
        replies.setOnCancelHandler(() -> loop.execute(this::left));
        replies.setOnReadyHandler(() -> loop.execute(this::writable));
        this.checks = parts.channels().clock().every(CHECK, () -> loop.execute(this::check));
        caller.get().whenCompleteAsync((known, failure) -> {
            if (failure != null) {
                refuse(Failures.status(failure));
            } else {
                app = known;
                replies.request(WINDOW);
            }
        }, loop);
    }

    // A key that was revoked meanwhile ends its streams; one that nobody could look up does not.
    private void check() {
        PullStream open = stream;
        if (ended || (open != null && open.gone())) {
            checks.cancel();
            return;
        }
        caller.get().whenCompleteAsync((known, failure) -> {
            Status status = failure == null ? Status.OK : Failures.status(failure);
            boolean denied = status.getCode() == Status.Code.UNAUTHENTICATED
                    || status.getCode() == Status.Code.PERMISSION_DENIED;
            if (denied && !ended) {
                PullStream now = stream;
                if (now == null) {
                    refuse(status);
                } else {
                    ended = true;
                    now.fail(status);
                }
            }
        }, loop);
    }

    @Override
    public void onNext(PullFrame frame) {
        loop.execute(() -> {
            take(frame);
            if (!ended) {
                replies.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable broken) {
        loop.execute(this::left);
    }

    @Override
    public void onCompleted() {
        loop.execute(() -> {
            PullStream open = stream;
            boolean over = ended || (open != null && open.gone());
            ended = true;
            if (open != null) {
                open.left();
            }
            if (!over) {
                replies.onCompleted();
            }
        });
    }

    private void take(PullFrame frame) {
        if (ended) {
            return;
        }
        PullStream open = stream;
        if (open != null) {
            open.frame(frame);
            ended = open.gone();
            return;
        }
        if (!frame.hasSubscribe()) {
            refuse(ConsumerRules.invalid("verb", frame.getVerbCase().name(), "subscribe first").getStatus());
            return;
        }
        try {
            PullStream made = PullStream.of(parts, app, frame.getSubscribe(), replies);
            stream = made;
            made.open();
        } catch (StatusRuntimeException invalid) {
            refuse(invalid.getStatus());
        }
    }

    private void writable() {
        PullStream open = stream;
        if (open != null) {
            open.writable();
        }
    }

    private void left() {
        ended = true;
        PullStream open = stream;
        if (open != null) {
            open.left();
        }
    }

    private void refuse(Status status) {
        if (!ended) {
            ended = true;
            replies.onError(status.asRuntimeException());
        }
    }
}
