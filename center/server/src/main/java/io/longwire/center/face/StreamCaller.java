package io.longwire.center.face;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.longwire.center.CenterMetric;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * Who reads a stream of answers. One that reads slowly costs one answer of memory: the newest waits until it can be
 * written. Thread-safe, never blocks.
 */
final class StreamCaller implements Calls.Sink<Message> {
    private final ServerCallStreamObserver<Message> answers;
    private final Metrics metrics;
    private @Nullable Message waiting;
    private @Nullable Runnable whenGone;
    private boolean gone;
    private boolean ended;

    /** To be made before the call's method returns: gRPC takes its handlers only until then. */
    StreamCaller(ServerCallStreamObserver<Message> answers, Metrics metrics) {
        this.answers = answers;
        this.metrics = metrics;
        answers.setOnCancelHandler(this::left);
        answers.setOnReadyHandler(this::ready);
    }

    /** What is to be run once when the caller goes; at once if it has. */
    void gone(Runnable task) {
        synchronized (this) {
            if (!gone) {
                whenGone = task;
                return;
            }
        }
        task.run();
    }

    @Override
    public synchronized void next(Message answer) {
        if (ended) {
            return;
        }
        if (answers.isReady()) {
            waiting = null;
            answers.onNext(answer);
        } else {
            waiting = answer;
        }
    }

    @Override
    public synchronized void end() {
        if (ended) {
            return;
        }
        Message last = waiting;
        if (last != null) {
            answers.onNext(last);
        }
        close();
        answers.onCompleted();
    }

    @Override
    public synchronized void fail(Throwable failure) {
        if (ended) {
            return;
        }
        close();
        Refused refused = Problems.refused(failure);
        metrics.counter(CenterMetric.REFUSED, "code", refused.why().code()).increment();
        answers.onError(Problems.grpc(refused));
    }

    private synchronized void ready() {
        Message newest = waiting;
        if (!ended && newest != null && answers.isReady()) {
            waiting = null;
            answers.onNext(newest);
        }
    }

    private void left() {
        Runnable task;
        synchronized (this) {
            gone = true;
            close();
            task = whenGone;
            whenGone = null;
        }
        if (task != null) {
            task.run();
        }
    }

    private void close() {
        ended = true;
        waiting = null;
    }
}
