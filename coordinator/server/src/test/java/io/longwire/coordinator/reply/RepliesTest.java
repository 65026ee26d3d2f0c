package io.longwire.coordinator.reply;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.longwire.coordinator.channel.Refusal;
import io.longwire.device.Code;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.register.client.Lookup;
import io.longwire.room.client.ReplyOrder;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.room.ControlResult;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RepliesTest {
    private static final int APP = 7;
    private static final Duration STEP = Duration.ofMillis(200);

    private final VirtualClock clock = new VirtualClock();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final ReplyTokens tokens = new ReplyTokens(new byte[32]);
    private final FakePhones phones = new FakePhones();
    private final Replies replies = new Replies(tokens, phones, clock, metrics);

    @AfterEach
    void end() {
        metrics.close();
    }

    @Test
    void bringsTheAnswerToTheRoomOfThePhone() {
        phones.found.add(FakePhones.online());

        assertThat(send("yes")).isCompletedWithValue(ReplyState.SENT);
        assertThat(phones.orders).containsExactly(new ReplyOrder(41, Code.OK, ByteString.copyFromUtf8("yes"), ""));
        assertThat(count("sent")).isEqualTo(1);
    }

    @Test
    void bringsARefusal() {
        phones.found.add(FakePhones.online());

        assertThat(replies.send(APP, ReplyRequest.newBuilder().setReplyTo(token(10_000)).setRefuse("sold out").build()))
                .isCompletedWithValue(ReplyState.SENT);
        assertThat(phones.orders).containsExactly(new ReplyOrder(41, Code.REFUSED, ByteString.EMPTY, "sold out"));
    }

    @Test
    void saysGoneOfAPhoneThatIsNotConnected() {
        phones.found.add(new Lookup.Offline(true));

        assertThat(send("yes")).isCompletedWithValue(ReplyState.GONE);
        assertThat(phones.orders).isEmpty();
    }

    @Test
    void saysGoneOfAPhoneThatTakesNoReplies() {
        phones.found.add(FakePhones.online());
        phones.answers.add(ControlResult.Code.NOT_READY);

        assertThat(send("yes")).isCompletedWithValue(ReplyState.GONE);
    }

    @Test
    void waitsForAPhoneThatDroppedAMomentAgo() {
        phones.found.add(FakePhones.online());
        phones.answers.add(ControlResult.Code.PARKED);
        phones.answers.add(ControlResult.Code.PARKED);
        phones.answers.add(ControlResult.Code.DONE);

        var told = send("yes");
        assertThat(told).isNotDone();
        clock.advance(STEP);
        assertThat(told).isNotDone();
        clock.advance(STEP);

        assertThat(told).isCompletedWithValue(ReplyState.SENT);
    }

    @Test
    void givesUpOneThatDoesNotComeBack() {
        phones.found.add(FakePhones.online());
        phones.answers.add(ControlResult.Code.PARKED);

        var told = send("yes");
        clock.advance(Replies.PATIENCE);

        assertThat(told).isCompletedWithValue(ReplyState.GONE);
        assertThat(phones.orders).hasSizeBetween(5, 11);
    }

    @Test
    void doesNotTryBeyondTheTimeOfTheRequest() {
        phones.found.add(FakePhones.online());
        phones.answers.add(ControlResult.Code.PARKED);

        var told = replies.send(APP, ReplyRequest.newBuilder().setReplyTo(token(500)).build());
        clock.advance(Duration.ofMillis(500));

        assertThat(told).isCompletedWithValue(ReplyState.GONE);
    }

    @Test
    void saysUnknownWhenNobodyAnswers() {
        phones.found.add(FakePhones.online());
        phones.silent = true;

        var told = send("yes");
        clock.advance(Replies.PATIENCE);

        assertThat(told).isCompletedWithValue(ReplyState.UNKNOWN);
    }

    @Test
    void asksTheOtherOwnerWhenTheRoomHasNoSuchSession() {
        phones.found.add(FakePhones.online());
        phones.elsewhere = FakePhones.online();
        phones.answers.add(ControlResult.Code.NOT_HERE);
        phones.answers.add(ControlResult.Code.DONE);

        assertThat(send("yes")).isCompletedWithValue(ReplyState.SENT);
        assertThat(phones.orders).hasSize(2);
    }

    @Test
    void saysTimedOutWhenNobodyWaitsAnyMore() {
        phones.found.add(FakePhones.online());

        assertThat(replies.send(APP, ReplyRequest.newBuilder().setReplyTo(token(0)).build()))
                .isCompletedWithValue(ReplyState.TIMED_OUT);
        assertThat(phones.orders).isEmpty();
    }

    @Test
    void takesNoReplyOfAnotherAppOrToARequestThatNeverWas() {
        assertThatThrownBy(() -> replies.send(8, ReplyRequest.newBuilder().setReplyTo(token(10_000)).build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("reply_to: of another app (expected: the reply_to of an event of this app)");
        assertThatThrownBy(() -> replies.send(APP, ReplyRequest.newBuilder().setReplyTo("x").build()))
                .isInstanceOf(StatusRuntimeException.class).hasMessageContaining("reply_to: 1 characters");
        assertThat(count("invalid")).isEqualTo(2);
    }

    @Test
    void takesNoBodyThatIsTooLargeAndNoneBesideARefusal() {
        assertThatThrownBy(() -> send("x".repeat(4_097))).isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("body: 4097 bytes (expected: at most 4096)");
        assertThatThrownBy(() -> replies.send(APP, ReplyRequest.newBuilder().setReplyTo(token(10_000))
                .setRefuse("no").setBody(ByteString.copyFromUtf8("x")).build()))
                .isInstanceOf(StatusRuntimeException.class).hasMessageContaining("expected: none beside refuse");
        assertThatThrownBy(() -> replies.send(APP, ReplyRequest.newBuilder().setReplyTo(token(10_000))
                .setRefuse("n".repeat(257)).build()))
                .isInstanceOf(StatusRuntimeException.class).hasMessageContaining("refuse: 257 characters");
    }

    @Test
    void tellsTheAppThatACallbacksAnswerWasTooLarge() {
        phones.found.add(FakePhones.online());

        replies.bring(APP, ReplyRequest.newBuilder().setReplyTo(token(10_000))
                .setBody(ByteString.copyFromUtf8("x".repeat(4_097))).build());

        assertThat(phones.orders).singleElement().satisfies(order -> {
            assertThat(order.code()).isEqualTo(Code.TOO_LARGE);
            assertThat(order.body().isEmpty()).isTrue();
            assertThat(order.text()).contains("4097 bytes");
        });
    }

    @Test
    void oneAppTakesAtMostHalfOfThePlaces() {
        phones.found.add(FakePhones.online());
        phones.answers.add(ControlResult.Code.PARKED);
        for (int i = 0; i < Replies.MOST / 2; i++) {
            send("x");
        }

        assertThatThrownBy(() -> send("x")).isInstanceOf(Refusal.class);
        String other = tokens.text(new Asked(8, 99, 41, clock.wallMillis() + 10_000));
        assertThat(replies.send(8, ReplyRequest.newBuilder().setReplyTo(other).build())).isNotDone();

        clock.advance(Replies.PATIENCE);
        assertThat(send("x")).isNotDone();
    }

    private CompletableFuture<ReplyState> send(String body) {
        return replies.send(APP, ReplyRequest.newBuilder().setReplyTo(token(10_000))
                .setBody(ByteString.copyFromUtf8(body)).build());
    }

    private String token(long leftMillis) {
        return tokens.text(new Asked(APP, 99, 41, clock.wallMillis() + leftMillis));
    }

    private long count(String outcome) {
        return metrics.counter(io.longwire.coordinator.CoordinatorMetric.REPLIES, "outcome", outcome).count();
    }
}
