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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Puts callbacks, takes them away, shows them. Thread-safe, never blocks; rules broken are INVALID_ARGUMENT. */
final class CallbackDesk {
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

    /** The channel is made first: a callback without one would be taken for one that was deleted. */
    CompletableFuture<CallbackState> put(Callback given) {
        int app = given.getAppId();
        String type = ConsumerRules.type(given.getType());
        return store.find(app, type).thenCompose(known -> {
            Callback wanted = CallbackRules.checked(given.getSecretsCount() > 0 || known.isEmpty()
                    ? given
                    : given.toBuilder().addAllSecrets(known.get().getSecretsList()).build())
                    .toBuilder().setChangedMs(clock.wallMillis()).build();
            return channels.make(CallbackStore.name(app, type)).thenCompose(made -> store.put(wanted))
                    .thenCompose(done -> done
                            ? state(wanted)
                            : CompletableFuture.failedFuture(new Refusal(Refusal.Why.LIMIT,
                                    "callbacks: as many as this deployment may have (expected: fewer)")));
        });
    }

    /** The callback first, then its channel: whoever finds the channel gone and looks finds no callback. */
    CompletableFuture<CallbackState> delete(int app, String type) {
        ConsumerRules.type(type);
        ChannelName name = CallbackStore.name(app, type);
        return find(app, type).thenCompose(known -> store.remove(app, type)
                .thenCompose(done -> books.change(name, ChannelUpdate.newBuilder().setDelete(true).build()))
                .thenApply(done -> {
                    channels.deleted(name);
                    return CallbackState.newBuilder().setCallback(CallbackRules.shown(known)).build();
                }));
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

    private CompletableFuture<Callback> find(int app, String type) {
        return store.find(app, type).thenCompose((Optional<Callback> found) -> found
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> CompletableFuture.failedFuture(new Refusal(Refusal.Why.UNKNOWN,
                        "type: " + type + " (expected: one that has a callback)"))));
    }

    private CompletableFuture<CallbackState> state(Callback callback) {
        return books.channels(callback.getAppId(), callback.getType()).thenApply(all -> CallbackState.newBuilder()
                .setCallback(CallbackRules.shown(callback))
                .setChannel(all.stream().filter(info -> info.getChannel().equals(ChannelName.CALLBACK)).findFirst()
                        .orElse(ChannelInfo.getDefaultInstance()))
                .build());
    }
}
