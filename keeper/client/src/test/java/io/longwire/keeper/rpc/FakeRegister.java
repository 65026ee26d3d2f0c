package io.longwire.keeper.rpc;

import io.grpc.stub.StreamObserver;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.LookupResult;
import io.longwire.rpc.register.RegisterGrpc;
import io.longwire.rpc.register.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers each endpoint with itself as conn_seq; may be told to hold its answers. */
public final class FakeRegister extends RegisterGrpc.RegisterImplBase {
    final List<LookupBatch> batches = new CopyOnWriteArrayList<>();
    final LinkedBlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
    volatile boolean holding;
    volatile boolean failing;

    @Override
    public StreamObserver<LookupBatch> lookup(StreamObserver<LookupBatchReply> replies) {
        return BatchServer.serve(replies, this::answer);
    }

    /** What it was asked for, in order. */
    public List<Long> endpoints() {
        return batches.stream().flatMap(batch -> batch.getEndpointIdsList().stream()).toList();
    }

    private CompletableFuture<LookupBatchReply> answer(LookupBatch batch) {
        batches.add(batch);
        if (failing) {
            throw new IllegalStateException("a planned fault");
        }
        var promise = new CompletableFuture<LookupBatchReply>();
        if (holding) {
            held.add(() -> promise.complete(reply(batch)));
        } else {
            promise.complete(reply(batch));
        }
        return promise;
    }

    private static LookupBatchReply reply(LookupBatch batch) {
        var reply = LookupBatchReply.newBuilder().setBatchId(batch.getBatchId());
        for (long endpoint : batch.getEndpointIdsList()) {
            reply.addResults(LookupResult.newBuilder().setState(LookupResult.State.ONLINE)
                    .setSession(Session.newBuilder().setConnSeq(endpoint)));
        }
        return reply.build();
    }
}
