package io.longwire.center.client.call;

import io.grpc.ConnectivityState;
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

    /** The next in turn that is not known to be away; if all are, the next. */
    ManagedChannel next() {
        int first = turn.getAndIncrement();
        for (int i = 0; i < all.size(); i++) {
            ManagedChannel one = all.get(Math.floorMod(first + i, all.size()));
            if (one.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
                return one;
            }
        }
        return all.get(Math.floorMod(first, all.size()));
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
