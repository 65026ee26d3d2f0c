package io.longwire.center.fakes;

import io.grpc.Status;
import io.longwire.center.uplink.Outlets;
import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.AppReply;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.ListCallbacksReply;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.ReplyReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Coordinators that remember what they were asked, and answer each poll with one event. */
public final class FakeOutlets implements Outlets {
    public final List<AppPoll> polls = new CopyOnWriteArrayList<>();
    public final List<AppFinish> finishes = new CopyOnWriteArrayList<>();
    public final List<AppReply> replies = new CopyOnWriteArrayList<>();
    private final Map<String, Callback> callbacks = new ConcurrentHashMap<>();

    public void reset() {
        polls.clear();
        finishes.clear();
        replies.clear();
        callbacks.clear();
    }

    @Override
    public CompletableFuture<PollReply> poll(AppPoll request) {
        polls.add(request);
        return CompletableFuture.completedFuture(PollReply.newBuilder()
                .addEvents(Event.newBuilder().setEventId("7-1-0").setType(request.getPoll().getType())
                        .setAppId(request.getAppId()).setAttempt(1))
                .build());
    }

    @Override
    public CompletableFuture<FinishReply> finish(AppFinish request) {
        finishes.add(request);
        return CompletableFuture.completedFuture(FinishReply.getDefaultInstance());
    }

    @Override
    public CompletableFuture<ReplyReply> reply(AppReply reply) {
        if (reply.getReply().getReplyTo().isEmpty()) {
            return CompletableFuture.failedFuture(Status.INVALID_ARGUMENT
                    .withDescription("reply_to: 0 characters (expected: ...)").asRuntimeException());
        }
        replies.add(reply);
        return CompletableFuture.completedFuture(ReplyReply.newBuilder().setState("gone").build());
    }

    @Override
    public CompletableFuture<CallbackState> putCallback(Callback callback) {
        if (callback.getUrl().isEmpty()) {
            return CompletableFuture.failedFuture(Status.INVALID_ARGUMENT
                    .withDescription("url: missing (expected: https://)").asRuntimeException());
        }
        callbacks.put(key(callback.getAppId(), callback.getType()), callback);
        return CompletableFuture.completedFuture(state(callback));
    }

    @Override
    public CompletableFuture<CallbackState> deleteCallback(CallbackName name) {
        Callback had = callbacks.remove(key(name.getAppId(), name.getType()));
        return had == null
                ? CompletableFuture.failedFuture(Status.NOT_FOUND.withDescription("type: " + name.getType()
                        + " (expected: one that has a callback)").asRuntimeException())
                : CompletableFuture.completedFuture(state(had));
    }

    @Override
    public CompletableFuture<ListCallbacksReply> callbacks(CallbackName name) {
        var reply = ListCallbacksReply.newBuilder();
        callbacks.values().stream().filter(one -> one.getAppId() == name.getAppId())
                .forEach(one -> reply.addCallbacks(state(one)));
        return CompletableFuture.completedFuture(reply.build());
    }

    private static CallbackState state(Callback callback) {
        return CallbackState.newBuilder().setCallback(callback.toBuilder().clearSecrets().addSecretIds("9f86d081"))
                .setChannel(ChannelInfo.newBuilder().setDepth(2)).build();
    }

    private static String key(int app, String type) {
        return app + ":" + type;
    }
}
