package io.longwire.coordinator.consume;

import io.longwire.coordinator.callback.CallbackRules;
import io.longwire.coordinator.callback.CallbackStore;
import io.longwire.coordinator.channel.ChannelBooks;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Refusal;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ChannelUpdate;
import io.longwire.rpc.coordinator.ListCallbacksReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts callbacks, takes them away, shows them. Thread-safe, never blocks; rules broken are INVALID_ARGUMENT. */
final class CallbackDesk {
    private static final int TRIES = 3;

    private final Channels channels;
    private final CallbackStore store;
    private final ChannelBooks books;
    private final Clock clock;

    CallbackDesk(Channels channels, CallbackStore store) {
        this.channels = channels;
        this.store = store;
        this.books = new ChannelBooks(channels.store());
        this.clock = channels.clock();
    }

    /**
     * The channel is made first: a callback without one would be taken for one that was deleted. If then the callback
     * may not be, its channel goes again: nobody would take from it, and its events would fill the app's bytes.
     */
    CompletableFuture<CallbackState> put(Callback given) {
        int app = given.getAppId();
        String type = ConsumerRules.type(given.getType());
        if (given.getSecretsCount() == 0) {
            return putWithSecretsAsTheyAre(given, type, TRIES);
        }
        Callback wanted = wanted(given);
        return channels.make(CallbackStore.name(app, type)).thenCompose(made -> store.put(wanted))
                .thenCompose(done -> done ? state(wanted) : tooMany(app, type));
    }

    // Those of just now: another call may be changing them.
    private CompletableFuture<CallbackState> putWithSecretsAsTheyAre(Callback given, String type, int tries) {
        return store.find(given.getAppId(), type).thenCompose(found -> {
            Callback known = found.orElse(Callback.getDefaultInstance());
            Callback wanted = wanted(given.toBuilder().addAllSecrets(known.getSecretsList()).build());
            return channels.make(CallbackStore.name(given.getAppId(), type))
                    .thenCompose(made -> store.replace(known, wanted)).thenCompose(done -> {
                        if (done) {
                            return state(wanted);
                        }
                        return tries > 1
                                ? putWithSecretsAsTheyAre(given, type, tries - 1)
                                : CompletableFuture.failedFuture(new Refusal(Refusal.Why.BUSY,
                                        "callback: others change it (expected: once more)"));
                    });
        });
    }

    private Callback wanted(Callback given) {
        return CallbackRules.checked(given).toBuilder().setChangedMs(clock.wallMillis()).build();
    }

    private CompletableFuture<CallbackState> tooMany(int app, String type) {
        return store.find(app, type) // another call may have put one meanwhile
                .thenCompose(known -> known.isPresent()
                        ? CompletableFuture.completedFuture(false)
                        : drop(CallbackStore.name(app, type)))
                .thenCompose(done -> CompletableFuture.failedFuture(new Refusal(Refusal.Why.LIMIT,
                        "callbacks: as many as this deployment may have (expected: fewer)")));
    }

    /**
     * The callback first, then its channel: whoever finds the channel gone and looks finds no callback. What a call
     * that failed half way has left is taken away by the next.
     */
    CompletableFuture<CallbackState> delete(int app, String type) {
        ConsumerRules.type(type);
        return store.find(app, type)
                .thenCompose(known -> store.remove(app, type)
                        .thenCompose(removed -> drop(CallbackStore.name(app, type)).thenCompose(dropped -> {
                            if (known.isEmpty() && !removed && !dropped) {
                                return CompletableFuture.failedFuture(new Refusal(Refusal.Why.UNKNOWN,
                                        "type: " + type + " (expected: one that has a callback)"));
                            }
                            Callback last = known.orElseGet(
                                    () -> Callback.newBuilder().setAppId(app).setType(type).build());
                            return CompletableFuture.completedFuture(
                                    CallbackState.newBuilder().setCallback(CallbackRules.shown(last)).build());
                        })));
    }

    // False = it was not there.
    private CompletableFuture<Boolean> drop(ChannelName name) {
        return books.change(name, ChannelUpdate.newBuilder().setDelete(true).build()).thenApply(there -> {
            channels.deleted(name);
            return there;
        });
    }

    /** Of an app, or the one of a type. */
    CompletableFuture<ListCallbacksReply> list(int app, String type) {
        CompletableFuture<List<Callback>> some = type.isEmpty()
                ? store.of(app)
                : store.find(app, ConsumerRules.type(type)).thenApply(found -> found.stream().toList());
        return some.thenCompose(found -> {
            CompletableFuture<ListCallbacksReply.Builder> reply = CompletableFuture
                    .completedFuture(ListCallbacksReply.newBuilder());
            for (Callback one : found) {
                reply = reply.thenCompose(so -> state(one).thenApply(so::addCallbacks));
            }
            return reply.thenApply(ListCallbacksReply.Builder::build);
        });
    }

    private CompletableFuture<CallbackState> state(Callback callback) {
        return books.channels(callback.getAppId(), callback.getType()).thenApply(all -> CallbackState.newBuilder()
                .setCallback(CallbackRules.shown(callback))
                .setChannel(all.stream().filter(info -> info.getChannel().equals(ChannelName.CALLBACK)).findFirst()
                        .orElse(ChannelInfo.getDefaultInstance()))
                .build());
    }
}
