package io.longwire.room;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.room.rig.FakeBroadcasts;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.BroadcastsGrpc;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import java.util.concurrent.CompletableFuture;

/** What a saver tells rooms of broadcasts, over gRPC. */
final class InMemoryBroadcasts extends BroadcastsGrpc.BroadcastsImplBase {
    final FakeBroadcasts store = new FakeBroadcasts();

    @Override
    public void listActive(ListActiveRequest request, StreamObserver<ListActiveReply> answer) {
        answer(store.listActive(request), answer);
    }

    @Override
    public void addNotes(BroadcastNotes notes, StreamObserver<BroadcastNotesReply> answer) {
        answer(store.addNotes(notes), answer);
    }

    @Override
    public void matchProfiles(MatchProfilesRequest request, StreamObserver<MatchProfilesReply> answer) {
        answer(store.matchProfiles(request), answer);
    }

    private static <A> void answer(CompletableFuture<A> value, StreamObserver<A> answer) {
        if (value.isCompletedExceptionally()) {
            answer.onError(Status.UNAVAILABLE.asException());
        } else {
            answer.onNext(value.join());
            answer.onCompleted();
        }
    }
}
