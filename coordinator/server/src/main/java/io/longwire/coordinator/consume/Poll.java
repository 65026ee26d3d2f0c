package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.ChannelStore.How;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.channel.Taker;
import io.longwire.rpc.coordinator.PollReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One poll: takes until it has enough, or 10 ms after the first event, or its wait is over. What it took is in its
 * caller's hands, and comes back by Finish at any coordinator or when its time is over. If the caller goes before it
 * is answered, what was taken is given back. Owned by the loop.
 */
final class Poll implements Taker {
    private static final Duration GATHER = Duration.ofMillis(10);

    private final Channels channels;
    private final Events events;
    private final ChannelName name;
    private final Duration inFlight;
    private final int limit;
    private final List<Given> taken = new ArrayList<>();
    private final CompletableFuture<PollReply> reply = new CompletableFuture<>();
    private int promised;
    private boolean ending;
    private boolean attached;
    private boolean orphan;

    Poll(Channels channels, Events events, ChannelName name, Duration inFlight, int limit) {
        this.channels = channels;
        this.events = events;
        this.name = name;
        this.inFlight = inFlight;
        this.limit = limit;
    }

    /** Completes after the wait at the latest, or when its caller has gone; any thread. */
    CompletableFuture<PollReply> start(Duration wait, CompletableFuture<Void> gone) {
        channels.attach(name, this).whenCompleteAsync((done, failure) -> {
            attached = failure == null;
            if (failure != null) {
                reply.completeExceptionally(failure);
            } else if (orphan) {
                channels.detach(name, this);
            } else {
                after(wait);
            }
        }, channels.loop());
        gone.thenRunAsync(this::abandon, channels.loop());
        return reply;
    }

    @Override
    public int credit() {
        return gone() || ending ? 0 : Math.max(0, limit - taken.size() - promised);
    }

    @Override
    public void promise(int count) {
        promised += count;
        if (ending && promised == 0) {
            channels.loop().execute(this::finish); // what came with this page is taken first
        }
    }

    @Override
    public void take(Given event) {
        taken.add(event);
        if (taken.size() == 1) {
            after(GATHER);
        }
        if (taken.size() == limit) {
            finish();
        }
    }

    @Override
    public boolean gone() {
        return reply.isDone();
    }

    @Override
    public boolean poll() {
        return true;
    }

    @Override
    public Duration inFlight() {
        return inFlight;
    }

    @Override
    public void expire(long nowNanos) {
        // its time-outs are Redis's alone
    }

    @Override
    public void end(boolean deleted) {
        finish();
    }

    private void after(Duration wait) {
        channels.clock().schedule(wait, () -> channels.loop().execute(this::end));
    }

    // What is promised may be on its way; it is worth the moment.
    private void end() {
        ending = true;
        if (promised == 0) {
            finish();
        }
    }

    private void finish() {
        if (reply.complete(PollReply.newBuilder().addAllEvents(taken.stream().map(events::of).toList()).build())) {
            channels.detach(name, this);
        }
    }

    // What is on its way is given back by the channel, since this is gone.
    private void abandon() {
        if (!reply.completeExceptionally(Status.CANCELLED.asRuntimeException())) {
            return;
        }
        for (Given event : taken) {
            int partition = event.id().partition();
            channels.store().settle(name, event.id(), How.REQ, 0, event.attempt())
                    .thenRunAsync(() -> channels.wake(name, partition, 0), channels.loop());
        }
        orphan = !attached;
        if (attached) {
            channels.detach(name, this);
        }
    }
}
