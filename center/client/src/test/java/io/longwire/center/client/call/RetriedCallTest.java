package io.longwire.center.client.call;

import io.grpc.Status;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RetriedCallTest {
    private static final SendReply DONE = SendReply.newBuilder().setMessageId("0123456789ABC").build();
    private static final SendRequest REQUEST = SendRequest.newBuilder().setIdempotencyKey("k").build();

    private final ScriptedCenter center = new ScriptedCenter(RetryPolicy.DEFAULT);

    @AfterEach
    void close() {
        center.close();
    }

    @Test
    void carriesTheKeyInEveryTry() {
        center.then(Status.UNAVAILABLE.asRuntimeException()).then(DONE);

        assertThat(call(Repeat.ALWAYS).await()).isEqualTo(DONE);
        assertThat(center.keys()).containsExactly("Bearer lw_test", "Bearer lw_test");
    }

    @Test
    void triesTheSameRequestAgainWithPausesThatGrowUpToTheLongest() {
        for (int i = 0; i < 9; i++) {
            center.then(i % 2 == 0
                    ? Status.UNAVAILABLE.asRuntimeException()
                    : Status.DEADLINE_EXCEEDED.asRuntimeException());
        }
        center.then(DONE);

        assertThat(call(Repeat.ALWAYS).await()).isEqualTo(DONE);
        assertThat(center.asked(SendRequest.class)).hasSize(10).containsOnly(REQUEST);
        assertThat(center.delays().pauses().stream().map(Duration::toMillis)).containsExactly(25L, 50L, 100L, 200L,
                400L, 800L, 1000L, 1000L, 1000L);
    }

    @Test
    void neverComesBackBeforeTheServerSaid() {
        center.then(ScriptedCenter.refusal(503, "busy", 700)).then(ScriptedCenter.refusal(429, "quota_exceeded", 1000))
                .then(DONE);

        assertThat(call(Repeat.IF_NOTHING_WAS_DONE).await()).isEqualTo(DONE);
        assertThat(center.delays().pauses().get(0)).isBetween(Duration.ofMillis(700), Duration.ofMillis(875));
        assertThat(center.delays().pauses().get(1)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(1250));
    }

    @Test
    void failsAtOnceWhenTheServerAsksForMoreTimeThanThereIs() {
        center.then(ScriptedCenter.refusal(429, "quota_exceeded", 60_000));

        var failure = failure(Repeat.ALWAYS);

        assertThat(failure).isInstanceOf(BackendException.QuotaExceeded.class);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(center.delays().passed()).isZero();
    }

    @Test
    void endsWithinTheTotalDeadlineWithTheLastFailure() {
        for (int i = 0; i < 100; i++) {
            center.then(ScriptedCenter.refusal(503, "unavailable", 0));
        }

        var failure = failure(Repeat.ALWAYS);

        assertThat(failure).isInstanceOf(BackendException.Unavailable.class);
        assertThat(failure.code()).isEqualTo("unavailable");
        assertThat(center.delays().passed()).isBetween(Duration.ofSeconds(13), Duration.ofSeconds(15));
        assertThat(center.asked(SendRequest.class)).hasSizeBetween(15, 25);
    }

    @ParameterizedTest
    @CsvSource({"400,invalid_argument,Invalid", "401,unauthenticated,NotAllowed", "403,forbidden,NotAllowed",
            "404,unknown_endpoint,NotFound", "410,timeline_erased,NotFound", "409,idempotency_conflict,Conflict",
            "413,too_large,Invalid", "500,internal,ServerFault"})
    void tellsARefusalAtOnceByItsKind(int status, String code, String kind) {
        center.then(ScriptedCenter.refusal(status, code, 0));

        var failure = failure(Repeat.ALWAYS);

        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.detail()).isEqualTo("x: 1 (expected: 2)");
        assertThat(failure).hasMessage("x: 1 (expected: 2) [" + code + "]");
        assertThat(center.asked(SendRequest.class)).hasSize(1);
    }

    @Test
    void doesNotRepeatWhatMayHaveBeenDoneAndMayNotBeDoneTwice() {
        center.then(ScriptedCenter.refusal(503, "unavailable", 0));

        assertThat(failure(Repeat.IF_NOTHING_WAS_DONE)).isInstanceOf(BackendException.Unavailable.class);
        assertThat(center.asked(SendRequest.class)).hasSize(1);
    }

    @Test
    void aTryThatGetsNoAnswerEndsAtItsDeadline() {
        try (var silent = new ScriptedCenter(new RetryPolicy(Duration.ofSeconds(15), Duration.ofMillis(20),
                Duration.ofMillis(1), Duration.ofMillis(1)))) {
            var failure = catchThrowableOfType(BackendException.class, () -> silent.calls()
                    .call(CenterGrpc.getSendMethod(), REQUEST, Repeat.IF_NOTHING_WAS_DONE).await());

            assertThat(failure.code()).isEqualTo("timed_out");
            assertThat(failure.status()).isZero();
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndWhatWaitsForItsNextTry() {
        center.then(Status.UNAVAILABLE.asRuntimeException());
        Answer<SendReply> waiting = center.calls().call(CenterGrpc.getSendMethod(), REQUEST, Repeat.ALWAYS);
        Answer<SendReply> underWay = center.calls().call(CenterGrpc.getSendMethod(), REQUEST, Repeat.ALWAYS);
        assertThat(waiting).isNotDone();

        center.calls().close();

        assertThat(catchThrowableOfType(BackendException.class, waiting::await).code()).isEqualTo("closed");
        assertThat(underWay).isCompletedExceptionally();
        assertThat(center.calls().call(CenterGrpc.getSendMethod(), REQUEST, Repeat.ALWAYS)).isCompletedExceptionally();
    }

    @Test
    void aCallThatWasGivenUpIsNotTriedAgain() {
        center.then(Status.UNAVAILABLE.asRuntimeException()).then(DONE);
        Answer<SendReply> answer = center.calls().call(CenterGrpc.getSendMethod(), REQUEST, Repeat.ALWAYS);

        answer.map(SendReply::getMessageId).cancel(true);
        center.passTime();

        assertThat(answer).isCancelled();
        assertThat(center.asked(SendRequest.class)).hasSize(1);
    }

    @Test
    void whoWaitsIsInTheStackOfWhatIsThrown() {
        center.then(ScriptedCenter.refusal(400, "invalid_argument", 0));

        assertThat(failure(Repeat.ALWAYS).getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(RetriedCallTest.class.getName()));
    }

    @Test
    void anInterruptGivesTheCallUp() {
        Answer<SendReply> answer = center.calls().call(CenterGrpc.getSendMethod(), REQUEST, Repeat.ALWAYS);
        Thread.currentThread().interrupt();

        var stopped = catchThrowableOfType(BackendException.class, answer::await);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped.code()).isEqualTo("interrupted");
    }

    private Answer<SendReply> call(Repeat repeat) {
        Answer<SendReply> answer = center.calls().call(CenterGrpc.getSendMethod(), REQUEST, repeat);
        center.passTime();
        return answer;
    }

    private BackendException failure(Repeat repeat) {
        return catchThrowableOfType(BackendException.class, () -> call(repeat).await());
    }
}
