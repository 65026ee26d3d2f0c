package io.longwire.bench.rig;

import io.grpc.stub.StreamObserver;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.BroadcastsGrpc;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The broadcasts of a {@link FakeSaver}: whatever is created, as it was given, is active until four newer ones are;
 * notes are good and kept by nobody. Of one app. Thread-safe.
 */
final class FakeBroadcasts extends BroadcastsGrpc.BroadcastsImplBase {
    private static final int FLOOR = 1;
    private static final int ACTIVE = 4;

    private final ConcurrentSkipListMap<Long, Broadcast> bySequence = new ConcurrentSkipListMap<>();

    @Override
    public void create(Broadcast request, StreamObserver<Broadcast> reply) {
        bySequence.put(request.getSeq(), request);
        bySequence.headMap(request.getSeq() - ACTIVE, true).clear();
        answer(reply, request);
    }

    @Override
    public void listActive(ListActiveRequest request, StreamObserver<ListActiveReply> reply) {
        var active = ListActiveReply.newBuilder();
        for (Broadcast one : bySequence.values()) {
            if (one.getSeq() > request.getAfterSeq()) {
                active.addBroadcasts(one);
            }
        }
        bySequence.values().stream().mapToInt(Broadcast::getAppId).distinct().forEach(app -> active.addFloors(AppFloor
                .newBuilder().setAppId(app).setFloor(FLOOR).setLastSeq(bySequence.lastKey())));
        answer(reply, active.build());
    }

    @Override
    public void addNotes(BroadcastNotes request, StreamObserver<BroadcastNotesReply> reply) {
        answer(reply, BroadcastNotesReply.getDefaultInstance());
    }

    private static <T> void answer(StreamObserver<T> reply, T message) {
        reply.onNext(message);
        reply.onCompleted();
    }
}
