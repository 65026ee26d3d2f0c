package io.longwire.e2e.uplink;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.longwire.e2e.platform.Product;
import io.longwire.rpc.coordinator.ConsumerGrpc;
import io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerBlockingStub;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.PullFrame;
import io.longwire.rpc.coordinator.PullProblem;
import io.longwire.rpc.coordinator.PullReply;
import io.longwire.rpc.coordinator.Requeue;
import io.longwire.rpc.coordinator.Subscribe;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A pull stream, verb by verb. */
final class RawConsumer implements StreamObserver<PullReply>, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final List<PullProblem> problems = new CopyOnWriteArrayList<>();
    private final ManagedChannel channel;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final StreamObserver<PullFrame> frames;

    RawConsumer(String address, Product product, String type, String name, Duration inFlight)
            throws InterruptedException {
        channel = NettyChannelBuilder.forTarget(address.replaceFirst("^http://", "")).usePlaintext().build();
        frames = ConsumerGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key(product)))
                .pull(this);
        frames.onNext(PullFrame.newBuilder().setSubscribe(Subscribe.newBuilder().setType(type).setChannel(name)
                .setInFlightMs((int) inFlight.toMillis())).build());
        assertThat(subscribed.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("subscribed").isTrue();
    }

    /** The calls beside streams. The caller closes what it is given by closing this. */
    ConsumerBlockingStub calls(Product product) {
        return ConsumerGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key(product)))
                .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    RawConsumer rdy(int count) {
        frames.onNext(PullFrame.newBuilder().setRdy(count).build());
        return this;
    }

    void fin(Event event) {
        frames.onNext(PullFrame.newBuilder().setFin(event.getEventId()).build());
    }

    void req(Event event, Duration delay) {
        frames.onNext(PullFrame.newBuilder().setReq(Requeue.newBuilder().setEventId(event.getEventId())
                .setDelayMs((int) delay.toMillis())).build());
    }

    void touch(Event event) {
        frames.onNext(PullFrame.newBuilder().setTouch(event.getEventId()).build());
    }

    /** The next event, which must come. */
    Event next() throws InterruptedException {
        return Objects.requireNonNull(events.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS), "no event came");
    }

    /** The next event if one comes in this time. */
    @Nullable
    Event within(Duration time) throws InterruptedException {
        return events.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onNext(PullReply reply) {
        switch (reply.getWhatCase()) {
            case EVENT -> events.add(reply.getEvent());
            case SUBSCRIBED -> subscribed.countDown();
            case PROBLEM -> problems.add(reply.getProblem());
            case REPLIED, CLOSING, WHAT_NOT_SET -> {
            }
        }
    }

    @Override
    public void onError(Throwable broken) {
        // the test waits for events in vain then, and says so
    }

    @Override
    public void onCompleted() {
        // as above
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static Metadata key(Product product) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + product.apiKey());
        return headers;
    }
}
