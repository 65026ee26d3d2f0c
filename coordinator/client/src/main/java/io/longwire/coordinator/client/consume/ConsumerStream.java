package io.longwire.coordinator.client.consume;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.client.Partitions;
import io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerStub;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.PullFrame;
import io.longwire.rpc.coordinator.PullReply;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.coordinator.Requeue;
import io.longwire.rpc.coordinator.Subscribe;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pull stream from its opening to its end. Replies come on gRPC threads; handlers run on virtual threads. */
final class ConsumerStream implements StreamObserver<PullReply> {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerStream.class);
    private static final Executor THREADS = task -> Thread.ofVirtual().name("event-handler").start(task);

    private final ConsumerOptions options;
    private final EventHandler handler;
    private final Runnable subscribed;
    private final BiConsumer<ConsumerStream, Status> over;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<?>[] tails = new CompletableFuture<?>[Partitions.COUNT]; // of the gRPC thread
    private @Nullable StreamObserver<PullFrame> frames; // guarded by this
    private volatile boolean served;

    private ConsumerStream(ConsumerOptions options, EventHandler handler, Runnable subscribed,
            BiConsumer<ConsumerStream, Status> over) {
        this.options = options;
        this.handler = handler;
        this.subscribed = subscribed;
        this.over = over;
        Arrays.fill(tails, CompletableFuture.completedFuture(null));
    }

    static ConsumerStream open(ConsumerStub stub, ConsumerOptions options, EventHandler handler,
            Runnable subscribed, BiConsumer<ConsumerStream, Status> over) {
        var stream = new ConsumerStream(options, handler, subscribed, over);
        synchronized (stream) {
            stream.frames = stub.pull(stream);
        }
        stream.send(PullFrame.newBuilder().setSubscribe(Subscribe.newBuilder().setType(options.type())
                .setChannel(options.channel()).setInFlightMs((int) options.inFlight().toMillis())
                .setConsumer(options.name())).build());
        return stream;
    }

    /** It was subscribed: the next attempt need not wait long. */
    boolean served() {
        return served;
    }

    @Override
    public void onNext(PullReply reply) {
        switch (reply.getWhatCase()) {
            case EVENT -> take(reply.getEvent());
            case SUBSCRIBED -> {
                served = true;
                subscribed.run();
                send(PullFrame.newBuilder().setRdy(options.rdy()).build());
            }
            case PROBLEM -> LOG.warn("{}/{}: {} {}", options.type(), options.channel(), reply.getProblem().getCode(),
                    reply.getProblem().getText());
            case REPLIED -> LOG.debug("{}/{}: a reply was {}", options.type(), options.channel(),
                    reply.getReplied().getState());
            case CLOSING -> LOG.debug("{}/{}: the coordinator leaves", options.type(), options.channel());
            case WHAT_NOT_SET -> LOG.debug("a reply of a later version");
        }
    }

    @Override
    public void onError(Throwable broken) {
        end(Status.fromThrowable(broken));
    }

    @Override
    public void onCompleted() {
        end(Status.OK);
    }

    void close() {
        if (ended.compareAndSet(false, true)) {
            synchronized (this) {
                if (frames != null) {
                    frames.onCompleted();
                }
            }
        }
    }

    // One event of a partition after the other.
    private void take(Event event) {
        int lane = event.getPartition() % tails.length;
        tails[lane] = tails[lane].thenRunAsync(() -> handle(event), THREADS);
    }

    private void handle(Event event) {
        if (ended.get()) {
            return; // it comes again, here or elsewhere
        }
        Verdict verdict;
        try {
            verdict = handler.handle(UplinkEvent.of(event));
        } catch (Exception failed) { // allowed: whatever the handler throws, the event comes again
            LOG.warn("{}/{}: event {}, attempt {} failed", options.type(), options.channel(), event.getEventId(),
                    event.getAttempt(), failed);
            verdict = Verdict.again(java.time.Duration.ofSeconds(Math.min(event.getAttempt(), 60)));
        }
        switch (verdict) {
            case Verdict.Fin fin -> send(PullFrame.newBuilder().setFin(event.getEventId()).build());
            case Verdict.Again again -> send(PullFrame.newBuilder().setReq(Requeue.newBuilder()
                    .setEventId(event.getEventId()).setDelayMs((int) again.delay().toMillis())).build());
            case Verdict.Reply reply -> {
                reply(event, reply);
                send(PullFrame.newBuilder().setFin(event.getEventId()).build());
            }
            case Verdict.Leave leave -> {
            }
        }
    }

    private void reply(Event event, Verdict.Reply reply) {
        if (!event.getReplyTo().isEmpty()) {
            send(PullFrame.newBuilder().setReply(ReplyRequest.newBuilder().setReplyTo(event.getReplyTo())
                    .setBody(reply.body()).setRefuse(reply.refuse())).build());
        }
    }

    private void send(PullFrame frame) {
        synchronized (this) {
            if (!ended.get() && frames != null) {
                frames.onNext(frame);
            }
        }
    }

    private void end(Status status) {
        if (ended.compareAndSet(false, true)) {
            over.accept(this, status);
        }
    }
}
