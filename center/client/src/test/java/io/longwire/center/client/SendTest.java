package io.longwire.center.client;

import io.grpc.Status;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.BackendException;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.center.client.call.ScriptedCenter;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.Priority;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.center.TargetResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SendTest {
    private static final SendReply ACCEPTED = SendReply.newBuilder().setMessageId("0123456789ABC").setEndpoint("ep_a")
            .setStatus("accepted").setAcceptedMs(1_000).setAccepted(1).build();

    private final ScriptedCenter center = new ScriptedCenter(RetryPolicy.DEFAULT);
    private final LongwireBackend backend = new LongwireBackend(center.calls());

    @AfterEach
    void close() {
        center.close();
    }

    @Test
    void everyOptionTravels() {
        center.then(ACCEPTED);

        backend.send(Message.to("ep_a").payload("hi").ttl(Duration.ofMinutes(90))
                .priority(io.longwire.center.client.Priority.LOW).lowWindow(Duration.ofSeconds(45))
                .deliveryClass(DeliveryClass.FAST).collapseKey("score").replacing("0000000000001")
                .notBefore(Instant.parse("2026-12-01T00:00:00Z")).idempotencyKey("mine")).await();

        assertThat(center.asked(SendRequest.class)).containsExactly(SendRequest.newBuilder()
                .setTo(Target.newBuilder().setEndpoint("ep_a"))
                .setPayload(com.google.protobuf.ByteString.copyFromUtf8("hi")).setTtl("5400s")
                .setPriority(Priority.LOW).setLowWindow("45s").setClass_(MessageClass.FAST).setCollapseKey("score")
                .setReplace("0000000000001").setNotBefore("2026-12-01T00:00:00Z").setIdempotencyKey("mine").build());
    }

    @Test
    void aSendWithoutAKeyGetsOneThatItsRetriesKeep() {
        center.then(Status.UNAVAILABLE.asRuntimeException()).then(ACCEPTED).then(ACCEPTED);

        send(Message.to("ep_a"));
        send(Message.to("ep_a"));

        List<String> keys = center.asked(SendRequest.class).stream().map(SendRequest::getIdempotencyKey).toList();
        assertThat(keys.get(0)).hasSize(32).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2));
    }

    @Test
    void aTransientMessageHasNoKeyAndIsNotSentTwice() {
        center.then(Status.UNAVAILABLE.asRuntimeException()).then(Status.UNAVAILABLE.asRuntimeException());

        assertThat(catchThrowableOfType(BackendException.class, () -> send(Message.to("ep_a").ttl(Duration.ZERO))))
                .isInstanceOf(BackendException.Unavailable.class);
        assertThat(catchThrowableOfType(BackendException.class,
                () -> send(Message.to("ep_a").deliveryClass(DeliveryClass.TRANSIENT)))).isNotNull();
        assertThat(center.asked(SendRequest.class)).hasSize(2)
                .allMatch(request -> request.getIdempotencyKey().isEmpty());
    }

    @Test
    void tellsEachTargetApart() {
        center.then(SendReply.newBuilder().setMessageId("0123456789ABC").setStatus("partial").setAccepted(1)
                .addResults(TargetResult.newBuilder().setTarget("ep_a").setEndpoint("ep_a").setStatus("accepted"))
                .addResults(TargetResult.newBuilder().setTarget("ep_b").setStatus("unknown_endpoint")
                        .setProblem(ScriptedCenter.problem(404, "unknown_endpoint", 0)))
                .build());

        Sent sent = send(Message.toEndpoints(List.of("ep_a", "ep_b")));

        assertThat(sent.accepted()).isEqualTo(1);
        assertThat(sent.targets()).extracting(Sent.Target::accepted).containsExactly(true, false);
        assertThat(sent.targets().get(1).problem()).isInstanceOf(BackendException.NotFound.class);
    }

    @Test
    void ofABatchOnlyWhatMayPassIsSentAgain() {
        center.then(SendBatchReply.newBuilder()
                .addResults(SendOutcome.newBuilder().setReply(ACCEPTED))
                .addResults(SendOutcome.newBuilder().setProblem(ScriptedCenter.problem(503, "busy", 100)))
                .addResults(SendOutcome.newBuilder().setProblem(ScriptedCenter.problem(404, "unknown_endpoint", 0)))
                .addResults(SendOutcome.newBuilder().setProblem(ScriptedCenter.problem(503, "unavailable", 0)))
                .build())
                .then(Status.UNAVAILABLE.asRuntimeException())
                .then(SendBatchReply.newBuilder().addResults(SendOutcome.newBuilder().setReply(ACCEPTED))
                        .addResults(SendOutcome.newBuilder().setReply(ACCEPTED)).build());

        var answer = backend.sendAll(List.of(Message.to("ep_a"), Message.to("ep_b"), Message.to("ep_c"),
                Message.to("ep_d")));
        center.passTime();

        assertThat(answer.await()).extracting(one -> one.problem() == null)
                .containsExactly(true, true, false, true);
        var asked = center.asked(SendBatchRequest.class);
        assertThat(asked).hasSize(3);
        assertThat(asked.get(1).getMessagesList()).containsExactly(asked.get(0).getMessages(1),
                asked.get(0).getMessages(3));
        assertThat(asked.get(2)).isEqualTo(asked.get(1));
        assertThat(asked.get(0).getMessagesList()).extracting(SendRequest::getIdempotencyKey).doesNotHaveDuplicates();
    }

    @Test
    void aBatchThatStaysRefusedEndsInTimeAndSaysWhichMessages() {
        for (int i = 0; i < 100; i++) {
            center.then(SendBatchReply.newBuilder()
                    .addResults(SendOutcome.newBuilder().setProblem(ScriptedCenter.problem(503, "busy", 0))).build());
        }

        var answer = backend.sendAll(List.of(Message.to("ep_a")));
        center.passTime();

        assertThat(catchThrowableOfType(BackendException.class, () -> answer.await().get(0).orThrow()).code())
                .isEqualTo("busy");
    }

    @Test
    void refusesABatchThatIsTooLargeBeforeItIsSent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> backend.sendAll(Collections.nCopies(501, Message.to("ep_a"))))
                .withMessage("messages: 501 (expected: at most 500)");
        assertThat(backend.sendAll(List.of()).await()).isEmpty();
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> LongwireBackend.connect("localhost:8080", "lw_x"))
                .withMessageContaining("(expected: http://host:port or https://host:port)");
        assertThatIllegalArgumentException().isThrownBy(() -> LongwireBackend.connect("http://localhost:8080", ""))
                .withMessage("key: missing (expected: lw_...)");
    }

    private Sent send(Message message) {
        Answer<Sent> answer = backend.send(message);
        center.passTime();
        return answer.await();
    }
}
