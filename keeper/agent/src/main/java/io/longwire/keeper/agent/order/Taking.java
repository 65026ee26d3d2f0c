package io.longwire.keeper.agent.order;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.agent.version.Refusal;
import io.longwire.keeper.agent.version.Upload;
import io.longwire.keeper.agent.version.Versions;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.agent.DeployChunk;
import io.longwire.rpc.agent.DeployReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upload, which keeps all others out as long as it goes on: not for long without a chunk, and not for ever with
 * them. A version that is here already is said to be so before any of it comes. Thread-safe.
 */
final class Taking implements StreamObserver<DeployChunk> {
    private static final Logger LOG = LoggerFactory.getLogger(Taking.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Versions versions;
    private final Clock clock;
    private final StreamObserver<DeployReply> answer;
    private final long began;
    private long heard;
    private @Nullable Upload upload;
    private boolean over;

    Taking(Versions versions, Clock clock, StreamObserver<DeployReply> answer) {
        this.versions = versions;
        this.clock = clock;
        this.answer = answer;
        this.began = clock.nanos();
        this.heard = began;
        lookLater();
    }

    @Override
    public synchronized void onNext(DeployChunk chunk) {
        if (over) {
            return;
        }
        heard = clock.nanos();
        try {
            Upload taking = upload;
            if (taking == null) {
                Optional<DeployReply> there = versions.there(chunk.getManifest());
                if (there.isPresent()) {
                    answer(there.get());
                    return;
                }
                taking = versions.begin(chunk.getManifest());
                upload = taking;
            }
            taking.take(chunk.getData());
        } catch (Refusal | IOException failure) {
            refuse(failure);
        }
    }

    @Override
    public synchronized void onCompleted() {
        Upload taken = upload;
        if (over) {
            return;
        }
        try {
            if (taken == null) {
                throw Refusal.wrong("manifest: none (expected: in the first chunk)");
            }
            answer(taken.finish());
        } catch (Refusal | IOException failure) {
            refuse(failure);
        }
    }

    @Override
    public synchronized void onError(Throwable gone) {
        end();
    }

    private void lookLater() {
        clock.schedule(LOOK, () -> Thread.startVirtualThread(this::look));
    }

    private synchronized void look() {
        if (over) {
            return;
        }
        long now = clock.nanos();
        if (now - heard > LONGEST_PAUSE.toNanos() || now - began > LONGEST.toNanos()) {
            refuse(Refusal.failed("deploy: takes too long (expected: a chunk within " + LONGEST_PAUSE.toSeconds()
                    + " s, all of it within " + LONGEST.toMinutes() + " min)"));
        } else {
            lookLater();
        }
    }

    private void answer(DeployReply reply) {
        end();
        answer.onNext(reply);
        answer.onCompleted();
    }

    private void refuse(Exception failure) {
        end();
        LOG.info("version refused: {}", failure.getMessage());
        Status status = failure instanceof Refusal refusal
                ? refusal.status()
                : Status.UNAVAILABLE.withDescription("deploy: " + failure.getMessage());
        answer.onError(status.asRuntimeException());
    }

    private void end() {
        over = true;
        Upload done = upload;
        upload = null;
        if (done != null) {
            try {
                done.close();
            } catch (IOException left) {
                LOG.warn("upload: {}", left.toString());
            }
        }
    }
}
