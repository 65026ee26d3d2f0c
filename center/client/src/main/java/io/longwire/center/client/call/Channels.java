package io.longwire.center.client.call;

import io.grpc.ManagedChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One HTTP/2 connection to each center, taken in turn, so that a second try goes to another one. Thread-safe. */
final class Channels implements AutoCloseable {
    private final List<ManagedChannel> all;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    Channels(List<ManagedChannel> all) {
        this.all = List.copyOf(all);
    }

    ManagedChannel next() {
        return all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        all.forEach(ManagedChannel::shutdownNow);
    }
}
