package io.longwire.room.broadcast;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.BroadcastsGrpc;
import io.longwire.rpc.saver.BroadcastsGrpc.BroadcastsStub;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Any saver, over gRPC. */
public final class SaverBroadcasts implements BroadcastStore {
    private static final int DEADLINE_SECONDS = 3;

    private final Rpc rpc;

    public SaverBroadcasts(Rpc rpc) {
        this.rpc = rpc;
    }

    @Override
    public CompletableFuture<ListActiveReply> listActive(ListActiveRequest request) {
        return call((stub, answer) -> stub.listActive(request, answer));
    }

    @Override
    public CompletableFuture<BroadcastNotesReply> addNotes(BroadcastNotes notes) {
        return call((stub, answer) -> stub.addNotes(notes, answer));
    }

    @Override
    public CompletableFuture<MatchProfilesReply> matchProfiles(MatchProfilesRequest request) {
        return call((stub, answer) -> stub.matchProfiles(request, answer));
    }

    private <A> CompletableFuture<A> call(BiConsumer<BroadcastsStub, StreamObserver<A>> call) {
        var answer = new CompletableFuture<A>();
        try {
            call.accept(BroadcastsGrpc.newStub(rpc.anyChannel("saver")).withDeadlineAfter(DEADLINE_SECONDS,
                    TimeUnit.SECONDS), new Answer<>(answer));
        } catch (RpcFailure noTarget) {
            answer.completeExceptionally(noTarget);
        }
        return answer;
    }

    private record Answer<A>(CompletableFuture<A> future) implements StreamObserver<A> {
        @Override
        public void onNext(A answer) {
            future.complete(answer);
        }

        @Override
        public void onError(Throwable broken) {
            future.completeExceptionally(broken);
        }

        @Override
        public void onCompleted() {
            future.completeExceptionally(new RpcFailure(RpcFailure.Kind.REFUSED, "saver: no answer"));
        }
    }
}
