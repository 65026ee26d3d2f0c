package io.longwire.e2e.uplink;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ConsumerGrpc;
import io.longwire.rpc.coordinator.ConsumerGrpc.ConsumerBlockingStub;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.FinishRequest;
import io.longwire.rpc.coordinator.ListChannelsRequest;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.PullProblem;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Polls a channel and finishes what it got, on a thread of its own: it alone is told of each event that it is finished,
 * so of these it is known that they must never come again. One call after the other: an answer that is late cannot hold
 * an event that was finished since.
 */
final class ConfirmingReader implements AutoCloseable {
    private static final int PAGE = 100;
    private static final int WAIT_MILLIS = 500;
    private static final long PAUSE_NANOS = 100_000_000;

    private final List<ManagedChannel> channels;
    private final List<ConsumerBlockingStub> stubs;
    private final String type;
    private final String channel;
    private final UplinkBooks books;
    private final AtomicInteger redelivered = new AtomicInteger();
    private final Thread thread;
    private volatile boolean running = true;
    private int turn;

    ConfirmingReader(List<String> addresses, String key, String type, String channel, UplinkBooks books) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        this.channels = addresses.stream()
                .map(address -> ManagedChannelBuilder.forTarget(address).usePlaintext().build()).toList();
        this.stubs = channels.stream().map(one -> ConsumerGrpc.newBlockingStub(one)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))).toList();
        this.type = type;
        this.channel = channel;
        this.books = books;
        this.thread = Thread.ofPlatform().name("confirming-reader").start(this::read);
    }

    private void read() {
        while (running) {
            try {
                PollReply given = stub().poll(PollRequest.newBuilder().setType(type).setChannel(channel).setLimit(PAGE)
                        .setWaitMs(WAIT_MILLIS).setInFlightMs(5_000).build());
                for (Event event : given.getEventsList()) {
                    redelivered.addAndGet(event.getAttempt() > 1 ? 1 : 0);
                    books.delivered(channel, event.getEventId(), event.getBody().toStringUtf8());
                }
                if (given.getEventsCount() > 0) {
                    finish(given.getEventsList());
                }
            } catch (StatusRuntimeException away) {
                turn++;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void finish(List<Event> events) {
        List<String> ids = events.stream().map(Event::getEventId).toList();
        Set<String> not = stub().finish(FinishRequest.newBuilder().setType(type).setChannel(channel).addAllFin(ids)
                .build()).getProblemsList().stream().map(PullProblem::getEventId).collect(Collectors.toSet());
        ids.stream().filter(id -> !not.contains(id)).forEach(id -> books.finished(channel, id));
    }

    private ConsumerBlockingStub stub() {
        return stubs.get(Math.floorMod(turn, stubs.size())).withDeadlineAfter(5, TimeUnit.SECONDS);
    }

    /** Deliveries that were not the first of their event. */
    int redelivered() {
        return redelivered.get();
    }

    /** What the coordinators say of the channels of the type. */
    List<ChannelInfo> books() {
        return stubs.getFirst().withDeadlineAfter(5, TimeUnit.SECONDS)
                .listChannels(ListChannelsRequest.newBuilder().setType(type).build()).getChannelsList();
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
