package io.longwire.register.rpc;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.register.RegisterMetric;
import io.longwire.register.slots.Ownership;
import io.longwire.register.slots.Rooms;
import io.longwire.register.table.SessionTable;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.RegisterGrpc;
import io.longwire.rpc.register.SessionBatch;
import io.longwire.rpc.register.SessionBatchReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Serves rooms and those who look for sessions. Nothing waits: a batch made by a newer map than ours makes the
 * cluster load that map, and meanwhile only slots that may have moved are refused - a change in a slot we do not
 * own, and the absence of an entry.
 */
public final class RegisterRpc extends RegisterGrpc.RegisterImplBase {
    private final Cluster cluster;
    private final Clock clock;
    private final SessionTable table;
    private final Ownership ownership;
    private final Rooms rooms;
    private final SessionCounters counters;
    private final Lookups lookups;
    private final Metrics.Timer answers;

    public RegisterRpc(Cluster cluster, Clock clock, SessionTable table, Ownership ownership, Rooms rooms,
            Metrics metrics) {
        this.cluster = cluster;
        this.clock = clock;
        this.table = table;
        this.ownership = ownership;
        this.rooms = rooms;
        this.counters = new SessionCounters(metrics);
        this.lookups = new Lookups(cluster, clock, table, ownership, metrics);
        this.answers = metrics.timer(RegisterMetric.ANSWER_TIME);
    }

    @Override
    public StreamObserver<SessionBatch> sessions(StreamObserver<SessionBatchReply> replies) {
        var stream = new SessionStream(cluster, clock, table, ownership, rooms, counters);
        return BatchServer.serve(replies, batch -> timed(() -> stream.apply(batch)));
    }

    @Override
    public StreamObserver<LookupBatch> lookup(StreamObserver<LookupBatchReply> replies) {
        return BatchServer.serve(replies, batch -> timed(() -> lookups.answer(batch)));
    }

    private <A> CompletableFuture<A> timed(Supplier<A> work) {
        long started = clock.nanos();
        A answer = work.get();
        answers.record(Duration.ofNanos(clock.nanos() - started));
        return CompletableFuture.completedFuture(answer);
    }
}
