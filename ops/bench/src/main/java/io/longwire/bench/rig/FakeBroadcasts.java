package io.longwire.bench.rig;

import io.grpc.stub.StreamObserver;
import io.longwire.rpc.saver.BroadcastsGrpc;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;

/** There are no broadcasts: what a room must hear before it takes logins. Thread-safe. */
final class FakeBroadcasts extends BroadcastsGrpc.BroadcastsImplBase {
    @Override
    public void listActive(ListActiveRequest request, StreamObserver<ListActiveReply> answer) {
        answer.onNext(ListActiveReply.getDefaultInstance());
        answer.onCompleted();
    }
}
