package io.longwire.center.client;

import com.google.protobuf.ByteString;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.center.client.call.ScriptedCenter;
import io.longwire.rpc.center.ReplyToEventRequest;
import io.longwire.rpc.coordinator.ReplyReply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RepliesTest {
    private final ScriptedCenter center = new ScriptedCenter(RetryPolicy.DEFAULT);
    private final Replies replies = new LongwireBackend(center.calls()).replies();

    @AfterEach
    void close() {
        center.close();
    }

    @Test
    void saysWhatBecameOfTheReply() {
        center.then(state("sent")).then(state("gone")).then(state("timed_out")).then(state("unknown"))
                .then(state("of a later version"));

        assertThat(replies.send("AQ", "yes".getBytes(StandardCharsets.UTF_8)).await()).isEqualTo(ReplyState.SENT);
        assertThat(replies.send("AQ", new byte[0]).await()).isEqualTo(ReplyState.GONE);
        assertThat(replies.refuse("AQ", "no").await()).isEqualTo(ReplyState.TIMED_OUT);
        assertThat(replies.refuse("AQ", "no").await()).isEqualTo(ReplyState.UNKNOWN);
        assertThat(replies.refuse("AQ", "no").await()).isEqualTo(ReplyState.UNKNOWN);
        assertThat(center.asked(ReplyToEventRequest.class).get(0)).isEqualTo(ReplyToEventRequest.newBuilder()
                .setReplyTo("AQ").setBody(ByteString.copyFromUtf8("yes")).build());
        assertThat(center.asked(ReplyToEventRequest.class).get(2).getRefuse()).isEqualTo("no");
    }

    @Test
    void isSentAgainWhenACenterWasAway() {
        center.then(ScriptedCenter.refusal(503, "unavailable", 0)).then(state("sent"));

        var answer = replies.refuse("AQ", "no");
        center.passTime();

        assertThat(answer.await()).isEqualTo(ReplyState.SENT);
        assertThat(center.asked(ReplyToEventRequest.class)).hasSize(2);
    }

    private static ReplyReply state(String state) {
        return ReplyReply.newBuilder().setState(state).build();
    }
}
