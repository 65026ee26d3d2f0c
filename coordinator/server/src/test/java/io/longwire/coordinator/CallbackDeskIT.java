package io.longwire.coordinator;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.callback.CallbackStore;
import io.longwire.coordinator.channel.ChannelBooks;
import io.longwire.coordinator.consume.DeskRpc;
import io.longwire.coordinator.consume.Events;
import io.longwire.coordinator.reply.FakePhones;
import io.longwire.coordinator.reply.Replies;
import io.longwire.coordinator.reply.ReplyTokens;
import io.longwire.device.id.EndpointId;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.testkit.stores.Stores;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Callbacks as they are put and taken away, on a real Redis. */
final class CallbackDeskIT {
    private static final int APP = 7;
    private static final byte[] KEY = "k".repeat(32).getBytes(StandardCharsets.US_ASCII);
    private static final ReplyTokens TOKENS = new ReplyTokens(KEY);

    private final Rig rig = Rig.start("a", Stores.shared().freshRedis().port());
    private int most = 1;
    private final CallbackStore store = new CallbackStore(rig.redis, () -> most);
    private final DeskRpc desk = new DeskRpc(rig.channels,
            new Events(new EndpointId(KEY), TOKENS), store, new Replies(TOKENS, new FakePhones(), rig.channels.clock(),
                    rig.metrics),
            rig.metrics);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void aPutThatIsRefusedLeavesNoChannelThatNobodyTakesFrom() throws Exception {
        put("order");

        assertThatThrownBy(() -> put("chat")).isInstanceOfSatisfying(StatusRuntimeException.class,
                refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION));

        assertThat(channels("chat")).isEmpty();
        assertThat(channels("order")).hasSize(1);
        assertThat(put("order").getChannel().getChannel()).as("the one that is there").isEqualTo("$callback");

        most = 2;
        put("chat");
        assertThat(channels("chat")).hasSize(1);
    }

    @Test
    void aDeleteTakesAwayWhatOneThatFailedHasLeft() throws Exception {
        put("order");
        store.remove(APP, "order").get(10, TimeUnit.SECONDS); // and then the store went away

        assertThat(delete("order").getCallback().getType()).isEqualTo("order");

        assertThat(channels("order")).isEmpty();
        assertThatThrownBy(() -> delete("order")).isInstanceOfSatisfying(StatusRuntimeException.class,
                refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void aChangeThatNamesNoSecretsKeepsThoseOfJustNow() throws Exception {
        put("order");
        Callback old = find();
        assertThat(store.replace(old, old.toBuilder().setSecrets(0, "another_secret_of_it").build()).get(10,
                TimeUnit.SECONDS)).isTrue();

        assertThat(store.replace(old, old.toBuilder().setBatch(5).build()).get(10, TimeUnit.SECONDS))
                .as("on top of what is there no more").isFalse();
        put(CallbackRig.to(APP, "https://example.com/").clearSecrets().setBatch(7));

        assertThat(find().getSecretsList()).containsExactly("another_secret_of_it");
        assertThat(find().getBatch()).isEqualTo(7);
    }

    @Test
    void aPollWhoseCallerHasGoneTakesNothing() throws Exception {
        var gone = new Caller();
        desk.poll(poll(20_000), gone);
        await().until(() -> new ChannelBooks(rig.store).channels(APP, "order").get(10, TimeUnit.SECONDS).size() == 1);
        gone.cancel();
        var after = new Caller(); // whatever look the first one had under way is over when this one is answered
        desk.poll(poll(500), after);
        assertThat(after.reply.get(20, TimeUnit.SECONDS).getEventsList()).isEmpty();
        rig.send(Rig.ENDPOINT, 1, "hello");

        var next = new Caller();
        desk.poll(poll(10_000), next);

        assertThat(next.reply.get(20, TimeUnit.SECONDS).getEventsList()).singleElement()
                .satisfies(event -> assertThat(event.getAttempt()).isEqualTo(1));
        assertThat(gone.reply).isCompletedExceptionally();
    }

    private static AppPoll poll(int waitMillis) {
        return AppPoll.newBuilder().setAppId(APP)
                .setPoll(PollRequest.newBuilder().setType("order").setChannel("billing").setWaitMs(waitMillis)).build();
    }

    private Callback find() throws Exception {
        return store.find(APP, "order").get(10, TimeUnit.SECONDS).orElseThrow();
    }

    /** Who polls, and may go. */
    private static final class Caller extends ServerCallStreamObserver<PollReply> {
        private final CompletableFuture<PollReply> reply = new CompletableFuture<>();
        private volatile Runnable goes = () -> {
        };

        void cancel() {
            goes.run();
        }

        @Override
        public void setOnCancelHandler(Runnable handler) { goes = handler; }

        @Override
        public void onNext(PollReply answer) {
            reply.complete(answer);
        }

        @Override
        public void onError(Throwable refused) {
            reply.completeExceptionally(refused);
        }

        @Override
        public void onCompleted() {
            // the one answer has come
        }

        @Override
        public boolean isCancelled() { return false; }

        @Override
        public boolean isReady() { return true; }

        @Override
        public void setCompression(String compression) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disableAutoInboundFlowControl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void request(int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setMessageCompression(boolean enable) {
            throw new UnsupportedOperationException();
        }
    }

    private CallbackState put(String type) throws Exception {
        return put(CallbackRig.to(APP, "https://example.com/").setType(type));
    }

    private CallbackState put(Callback.Builder callback) throws Exception {
        return call(answer -> desk.putCallback(callback.build(), answer));
    }

    private CallbackState delete(String type) throws Exception {
        return call(answer -> desk.deleteCallback(CallbackName.newBuilder().setAppId(APP).setType(type).build(),
                answer));
    }

    private List<ChannelInfo> channels(String type) throws Exception {
        return new ChannelBooks(rig.store).channels(APP, type).get(10, TimeUnit.SECONDS);
    }

    private static <A> A call(Consumer<StreamObserver<A>> call) throws Exception {
        var done = new CompletableFuture<A>();
        call.accept(new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                done.complete(answer);
            }

            @Override
            public void onError(Throwable refused) {
                done.completeExceptionally(refused);
            }

            @Override
            public void onCompleted() {
                // the one answer has come
            }
        });
        try {
            return done.get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException refused) {
            throw refused.getCause() instanceof StatusRuntimeException told ? told : refused;
        }
    }
}
