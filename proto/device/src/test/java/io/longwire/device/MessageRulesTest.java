package io.longwire.device;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Uplink;
import java.util.Collections;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class MessageRulesTest {
    private static final EndpointBinding BINDING = EndpointBinding.newBuilder().setConnSeq(1).build();

    @Test
    void letsARightConnectPass() {
        Connect connect = Connect.newBuilder().setResumeToken(ByteString.copyFrom(new byte[16]))
                .addAllBindings(Collections.nCopies(16, BINDING)).setModel("M").build();

        assertThatCode(() -> MessageRules.check(connect)).doesNotThrowAnyException();
    }

    @Test
    void holdsTheNumberOfBindings() {
        refuses(Code.PROTOCOL, "bindings: 0 (expected: 1 to 16)",
                () -> MessageRules.check(Connect.getDefaultInstance()));
        refuses(Code.TOO_LARGE, "bindings: 17 (expected: 1 to 16)", () -> MessageRules
                .check(Bind.newBuilder().addAllBindings(Collections.nCopies(17, BINDING)).build()));
    }

    @Test
    void refusesAConnSeqThatIsNone() {
        refuses(Code.PROTOCOL, "conn_seq: 0, prev_conn_seq: 0 (expected: above 0, and 0 or more)",
                () -> MessageRules.check(Bind.newBuilder().addBindings(BINDING.toBuilder().setConnSeq(0)).build()));
        refuses(Code.PROTOCOL, "conn_seq: -1, prev_conn_seq: 0 (expected: above 0, and 0 or more)",
                () -> MessageRules.check(Bind.newBuilder().addBindings(BINDING.toBuilder().setConnSeq(-1)).build()));
    }

    @Test
    void refusesAResumeTokenOfAnotherLength() {
        Connect connect = Connect.newBuilder().setResumeToken(ByteString.copyFrom(new byte[15])).addBindings(BINDING)
                .build();

        refuses(Code.PROTOCOL, "resume_token: 15 bytes (expected: none or 16)", () -> MessageRules.check(connect));
    }

    @Test
    void holdsLabels() {
        Connect connect = Connect.newBuilder().addBindings(BINDING).setModel("x".repeat(65)).build();

        refuses(Code.TOO_LARGE, "model: 65 characters (expected: at most 64)", () -> MessageRules.check(connect));
    }

    @Test
    void holdsTheItemsOfAnAckAllTogether() {
        Ack ack = Ack.newBuilder().addAllExtraSeq(Collections.nCopies(500, 1L)).addEndpointAcks(EndpointAck.newBuilder()
                .addAllMessageIds(Collections.nCopies(500, 1L)).addAllBcastSeqs(Collections.nCopies(24, 1L))).build();

        refuses(Code.TOO_LARGE, "ack items: 1025 (expected: at most 1024)", () -> MessageRules.check(ack));
    }

    @Test
    void holdsReadyUplinkAndPush() {
        refuses(Code.TOO_LARGE, "endpoint_ids: 65 (expected: at most 64)", () -> MessageRules
                .check(Ready.newBuilder().addAllEndpointIds(Collections.nCopies(65, 1L)).build()));
        refuses(Code.TOO_LARGE, "body: 16385 (expected: at most 16384)", () -> MessageRules
                .check(Uplink.newBuilder().setBody(ByteString.copyFrom(new byte[16385])).build()));
        refuses(Code.PROTOCOL, "endpoint_id, req_id: 0 (expected: both set)",
                () -> MessageRules.check(Uplink.newBuilder().setReqId(1).build()));
        refuses(Code.TOO_LARGE, "payload: 4097 (expected: at most 4096)", () -> MessageRules
                .check(Push.newBuilder().setPayload(ByteString.copyFrom(new byte[4097])).build()));
        refuses(Code.PROTOCOL, "endpoint_id: 0 (expected: set, unless bcast_seq is)",
                () -> MessageRules.check(Push.newBuilder().setMessageId(1).setAppId(1).build()));
    }

    private static void refuses(int code, String text, ThrowingCallable check) {
        ProtocolError error = catchThrowableOfType(ProtocolError.class, check);
        assertThat(error).hasMessage(text);
        assertThat(error.code()).isEqualTo(code);
    }
}
