package io.longwire.device;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
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
        refuses(Code.PROTOCOL, "endpoint_id, req_id, seq: 0 (expected: all set)",
                () -> MessageRules.check(Uplink.newBuilder().setReqId(1).setEndpointId(2).build()));
        refuses(Code.TOO_LARGE, "payload: 4097 (expected: at most 4096)", () -> MessageRules
                .check(Push.newBuilder().setPayload(ByteString.copyFrom(new byte[4097])).build()));
        refuses(Code.PROTOCOL, "endpoint_id: 0 (expected: set, unless bcast_seq is)",
                () -> MessageRules.check(Push.newBuilder().setMessageId(1).setAppId(1).build()));
    }

    @Test
    void holdsTheTypeOfAnUplinkPlain() {
        Uplink.Builder uplink = Uplink.newBuilder().setReqId(1).setEndpointId(2).setSeq(3);
        for (String bad : new String[]{"", "$presence", "a b", "caf\u00e9", "a/b"}) {
            refuses(Code.PROTOCOL, "topic: (expected: 1 to 64 of A-Z, a-z, 0-9, dot, underscore, hyphen)",
                    () -> MessageRules.check(uplink.clone().setTopic(bad).build()));
        }
        for (String good : new String[]{"order", "Chat.v2_in-1", text(64)}) {
            assertThatCode(() -> MessageRules.check(uplink.clone().setTopic(good).build())).doesNotThrowAnyException();
        }
        refuses(Code.TOO_LARGE, "topic: 65 characters (expected: at most 64)",
                () -> MessageRules.check(uplink.clone().setTopic(text(65)).build()));
    }

    @Test
    void letsAProfilePassThatIsAsLargeAsItMayBe() {
        Profile.Builder profile = Profile.newBuilder().setReqId(1).setEndpointId(2);
        for (int i = 0; i < 100; i++) {
            profile.addAddTags(text(64)).addRemoveTags(text(64)).addRemoveAttributes(text(64))
                    .putSetAttributes("a" + i, text(256));
        }
        for (int i = 0; i < 8; i++) {
            profile.addBindAliases(text(128)).addUnbindAliases(text(128));
        }

        assertThatCode(() -> MessageRules.check(profile.build())).doesNotThrowAnyException();
        assertThatCode(() -> MessageRules.check(Profile.newBuilder().setReqId(1).setEndpointId(2).build()))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesMoreAgesThanAliases() {
        refuses(Code.PROTOCOL, "bind_age_ms: 2 (expected: at most one for each of bind_aliases)", () -> MessageRules
                .check(profile().addBindAliases("ann").addBindAgeMs(1).addBindAgeMs(2).build()));
    }

    @Test
    void refusesAProfileOfNobodyOrWithoutNumber() {
        refuses(Code.PROTOCOL, "endpoint_id, req_id: 0 (expected: both set)",
                () -> MessageRules.check(Profile.newBuilder().setReqId(1).build()));
        refuses(Code.PROTOCOL, "endpoint_id, req_id: 0 (expected: both set)",
                () -> MessageRules.check(Profile.newBuilder().setEndpointId(1).build()));
    }

    @Test
    void holdsEachListOfAProfile() {
        refuses(Code.TOO_LARGE, "bind_aliases: 9 (expected: at most 8)",
                () -> MessageRules.check(profile().addAllBindAliases(Collections.nCopies(9, "a")).build()));
        refuses(Code.TOO_LARGE, "unbind_aliases: 9 (expected: at most 8)",
                () -> MessageRules.check(profile().addAllUnbindAliases(Collections.nCopies(9, "a")).build()));
        refuses(Code.TOO_LARGE, "add_tags: 101 (expected: at most 100)",
                () -> MessageRules.check(profile().addAllAddTags(Collections.nCopies(101, "a")).build()));
        refuses(Code.TOO_LARGE, "remove_tags: 101 (expected: at most 100)",
                () -> MessageRules.check(profile().addAllRemoveTags(Collections.nCopies(101, "a")).build()));
        refuses(Code.TOO_LARGE, "remove_attributes: 101 (expected: at most 100)",
                () -> MessageRules.check(profile().addAllRemoveAttributes(Collections.nCopies(101, "a")).build()));
        Profile.Builder attributes = profile();
        for (int i = 0; i <= 100; i++) {
            attributes.putSetAttributes("a" + i, "");
        }
        refuses(Code.TOO_LARGE, "set_attributes: 101 (expected: at most 100)",
                () -> MessageRules.check(attributes.build()));
    }

    @Test
    void holdsEachTextOfAProfile() {
        refuses(Code.TOO_LARGE, "bind_aliases: 129 characters (expected: 1 to 128)",
                () -> MessageRules.check(profile().addBindAliases(text(129)).build()));
        refuses(Code.PROTOCOL, "unbind_aliases: 0 characters (expected: 1 to 128)",
                () -> MessageRules.check(profile().addUnbindAliases("").build()));
        refuses(Code.TOO_LARGE, "add_tags: 65 characters (expected: 1 to 64)",
                () -> MessageRules.check(profile().addAddTags(text(65)).build()));
        refuses(Code.PROTOCOL, "remove_tags: 0 characters (expected: 1 to 64)",
                () -> MessageRules.check(profile().addRemoveTags("").build()));
        refuses(Code.TOO_LARGE, "set_attributes: 65 characters (expected: 1 to 64)",
                () -> MessageRules.check(profile().putSetAttributes(text(65), "v").build()));
        refuses(Code.TOO_LARGE, "set_attributes: 257 characters (expected: at most 256)",
                () -> MessageRules.check(profile().putSetAttributes("a", text(257)).build()));
        refuses(Code.PROTOCOL, "remove_attributes: 0 characters (expected: 1 to 64)",
                () -> MessageRules.check(profile().addRemoveAttributes("").build()));
    }

    @Test
    void aRevokeNamesAMessageAndCarriesNothing() {
        Push.Builder revoke = Push.newBuilder().setEndpointId(1).setMessageId(2).setAppId(3)
                .setKind(PushKind.KIND_REVOKE).setReplaces(1);

        assertThatCode(() -> MessageRules.check(revoke.build())).doesNotThrowAnyException();
        refuses(Code.PROTOCOL, "replaces: 0, payload: 0 bytes (expected: of a revoke, a message and none)",
                () -> MessageRules.check(revoke.clone().setReplaces(0).build()));
        refuses(Code.PROTOCOL, "replaces: 1, payload: 2 bytes (expected: of a revoke, a message and none)",
                () -> MessageRules.check(revoke.clone().setPayload(ByteString.copyFromUtf8("hi")).build()));
    }

    private static Profile.Builder profile() {
        return Profile.newBuilder().setReqId(1).setEndpointId(2);
    }

    private static String text(int characters) {
        return "x".repeat(characters);
    }

    private static void refuses(int code, String text, ThrowingCallable check) {
        ProtocolError error = catchThrowableOfType(ProtocolError.class, check);
        assertThat(error).hasMessage(text);
        assertThat(error.code()).isEqualTo(code);
    }
}
