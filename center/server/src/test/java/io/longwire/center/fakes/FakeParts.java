package io.longwire.center.fakes;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.center.access.KeyText;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.LookupResult;
import io.longwire.rpc.register.RegisterGrpc;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.room.ControlBatch;
import io.longwire.rpc.room.ControlBatchReply;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.room.RoomGrpc;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendBatch;
import io.longwire.rpc.saver.AppendBatchReply;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.rpc.saver.SaverGrpc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Saver, register and room as gRPC services of their own, each as simple as its contract allows. Thread-safe. */
public final class FakeParts {
    /** By message id: what a saver has. */
    public final Map<Long, AppendItem> stored = new ConcurrentHashMap<>();
    /** By message id: what a room got. */
    public final Map<Long, PushItem> pushed = new ConcurrentHashMap<>();
    /** By endpoint: what a room was told. */
    public final Map<Long, ControlItem> told = new ConcurrentHashMap<>();
    /** By endpoint: what a saver has, of several. */
    public final Map<Long, AppendItem> storedAt = new ConcurrentHashMap<>();
    /** What a saver was asked besides. */
    public final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    /** The room that has every endpoint. */
    public volatile int room;
    /** The one key there is. */
    public volatile String key = "";

    public SaverGrpc.SaverImplBase saver() {
        return new Saver();
    }

    public RegisterGrpc.RegisterImplBase register() {
        return new Register();
    }

    public RoomGrpc.RoomImplBase room() {
        return new Room();
    }

    private final class Saver extends SaverGrpc.SaverImplBase {
        @Override
        public StreamObserver<AppendBatch> append(StreamObserver<AppendBatchReply> replies) {
            return BatchServer.serve(replies, batch -> {
                var reply = AppendBatchReply.newBuilder().setBatchId(batch.getBatchId());
                for (AppendItem item : batch.getItemsList()) {
                    stored.put(item.getMessageId(), item);
                    storedAt.put(item.getEndpointId(), item);
                    reply.addResults(AppendResult.newBuilder().setMessageId(item.getMessageId()));
                }
                return CompletableFuture.completedFuture(reply.build());
            });
        }

        @Override
        public void claimKey(ClaimKeyRequest request, StreamObserver<ClaimKeyReply> answer) {
            asked.add("claim");
            answer.onNext(ClaimKeyReply.newBuilder().setMessageId(request.getMessageId()).build());
            answer.onCompleted();
        }

        @Override
        public void settleKey(ClaimKeyRequest request, StreamObserver<ClaimKeyReply> answer) {
            asked.add("settle");
            answer.onNext(ClaimKeyReply.newBuilder().setMessageId(request.getMessageId()).build());
            answer.onCompleted();
        }

        @Override
        public void putHead(MessageHead head, StreamObserver<MessageHead> answer) {
            asked.add("head");
            answer.onNext(head);
            answer.onCompleted();
        }

        @Override
        public void findKey(FindKeyRequest request, StreamObserver<KeyRecord> answer) {
            var found = KeyRecord.newBuilder();
            if (request.getKeyHash().equals(KeyText.hash(key))) {
                found.setAppId(3);
            }
            answer.onNext(found.build());
            answer.onCompleted();
        }

        @Override
        public void getApp(GetAppRequest request, StreamObserver<AppRecord> answer) {
            if (request.getAppId() != 3) {
                answer.onError(Status.INTERNAL.asRuntimeException());
                return;
            }
            answer.onNext(AppRecord.newBuilder().setAppId(3).setSendsPerSecond(1_000_000).build());
            answer.onCompleted();
        }
    }

    private final class Register extends RegisterGrpc.RegisterImplBase {
        @Override
        public StreamObserver<LookupBatch> lookup(StreamObserver<LookupBatchReply> replies) {
            return BatchServer.serve(replies, batch -> {
                var reply = LookupBatchReply.newBuilder().setBatchId(batch.getBatchId()).setStamp(batch.getStamp());
                batch.getEndpointIdsList().forEach(id -> reply.addResults(LookupResult.newBuilder()
                        .setState(LookupResult.State.ONLINE).setSession(Session.newBuilder().setEndpointId(id)
                                .setConnSeq(12).setRoomIncarnation(room).setHandle(99))));
                return CompletableFuture.completedFuture(reply.build());
            });
        }
    }

    private final class Room extends RoomGrpc.RoomImplBase {
        @Override
        public StreamObserver<PushBatch> push(StreamObserver<PushBatchReply> replies) {
            return BatchServer.serve(replies, batch -> {
                var reply = PushBatchReply.newBuilder().setBatchId(batch.getBatchId());
                for (PushItem item : batch.getItemsList()) {
                    // A message that is pushed before it is stored must not look delivered.
                    PushResult.Code code = stored.containsKey(item.getMessageId())
                            ? PushResult.Code.WRITTEN
                            : PushResult.Code.BUSY;
                    pushed.put(item.getMessageId(), item);
                    reply.addResults(PushResult.newBuilder().setCode(code));
                }
                return CompletableFuture.completedFuture(reply.build());
            });
        }

        @Override
        public StreamObserver<ControlBatch> control(StreamObserver<ControlBatchReply> replies) {
            return BatchServer.serve(replies, batch -> {
                var reply = ControlBatchReply.newBuilder().setBatchId(batch.getBatchId());
                for (ControlItem item : batch.getItemsList()) {
                    told.put(item.getEndpointId(), item);
                    reply.addResults(ControlResult.newBuilder().setCode(ControlResult.Code.DONE));
                }
                return CompletableFuture.completedFuture(reply.build());
            });
        }
    }
}
