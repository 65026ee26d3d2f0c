package io.longwire.keeper.rpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;

/** How many calls a server has under way. Thread-safe. */
final class CallCount extends ServerStreamTracer.Factory {
    private final AtomicLong now = new AtomicLong();

    long now() {
        return now.get();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        now.incrementAndGet();
        return new ServerStreamTracer() {
            @Override
            public void streamClosed(Status status) { // once, however it ends
                now.decrementAndGet();
            }
        };
    }
}
