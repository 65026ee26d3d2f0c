package io.longwire.device;

import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The rules on fields that protobuf cannot express; {@code room} checks what phones send, {@code center} its pushes.
 */
public final class MessageRules {
    /** The longest credential or delegation of any layout this version may meet. */
    private static final int CREDENTIAL_BYTES = 256;
    /** Floor and {@link Limits#BROADCASTS_SEEN} distances at nine bytes each. */
    private static final int BCAST_SEEN_BYTES = 9 * (Limits.BROADCASTS_SEEN + 1);

    private MessageRules() {
    }

    public static void check(Connect connect) throws ProtocolError {
        int token = connect.getResumeToken().size();
        if (token != 0 && token != Limits.RESUME_TOKEN_BYTES) {
            throw new ProtocolError(Code.PROTOCOL,
                    "resume_token: " + token + " bytes (expected: none or " + Limits.RESUME_TOKEN_BYTES + ")");
        }
        label("carrier", connect.getCarrier());
        label("os", connect.getOs());
        label("model", connect.getModel());
        label("language", connect.getLanguage());
        label("region", connect.getRegion());
        atMost("net_key", connect.getNetKey().size(), Limits.NET_KEY_BYTES);
        bindings(connect.getBindingsList());
    }

    public static void check(Bind bind) throws ProtocolError {
        bindings(bind.getBindingsList());
    }

    public static void check(Unbind unbind) throws ProtocolError {
        atMost("endpoint_ids", unbind.getEndpointIdsCount(), Limits.CONNECTION_ENDPOINTS);
    }

    public static void check(Ready ready) throws ProtocolError {
        atMost("endpoint_ids", ready.getEndpointIdsCount(), Limits.CONNECTION_ENDPOINTS);
    }

    public static void check(Ack ack) throws ProtocolError {
        int items = ack.getExtraSeqCount() + ack.getEndpointAcksCount();
        List<EndpointAck> acks = ack.getEndpointAcksList();
        for (int i = 0; i < acks.size(); i++) {
            items += acks.get(i).getMessageIdsCount() + acks.get(i).getBcastSeqsCount();
        }
        atMost("ack items", items, Limits.ACK_ITEMS);
    }

    public static void check(Uplink uplink) throws ProtocolError {
        atMost("body", uplink.getBody().size(), Limits.UPLINK_BYTES);
        label("topic", uplink.getTopic());
        if (uplink.getEndpointId() == 0 || uplink.getReqId() == 0 || uplink.getSeq() == 0) {
            throw new ProtocolError(Code.PROTOCOL, "endpoint_id, req_id, seq: 0 (expected: all set)");
        }
        if (uplink.getTimeoutMs() < 0 || uplink.getTimeoutMs() > Limits.REQUEST_MILLIS) {
            throw new ProtocolError(Code.PROTOCOL, "timeout_ms: " + (uplink.getTimeoutMs() & 0xFFFFFFFFL)
                    + " (expected: 0 to " + Limits.REQUEST_MILLIS + ")");
        }
        if (!isTopic(uplink.getTopic())) {
            throw new ProtocolError(Code.PROTOCOL, "topic: (expected: 1 to " + Limits.LABEL_CHARS
                    + " of A-Z, a-z, 0-9, dot, underscore, hyphen)");
        }
    }

    /** Whether an uplink may be of this type: products name channels by it, so it is plain. */
    public static boolean isTopic(String topic) {
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
                    || c == '_' || c == '-';
            if (!plain) {
                return false;
            }
        }
        return !topic.isEmpty() && topic.length() <= Limits.LABEL_CHARS;
    }

    /** Of one endpoint, and no list above what an endpoint may have; the whole is bounded by the size of a frame. */
    public static void check(Profile profile) throws ProtocolError {
        if (profile.getEndpointId() == 0 || profile.getReqId() == 0) {
            throw new ProtocolError(Code.PROTOCOL, "endpoint_id, req_id: 0 (expected: both set)");
        }
        texts("bind_aliases", profile.getBindAliasesList(), Limits.ENDPOINT_ALIASES, Limits.ALIAS_CHARS);
        if (profile.getBindAgeMsCount() > profile.getBindAliasesCount()) {
            throw new ProtocolError(Code.PROTOCOL, "bind_age_ms: " + profile.getBindAgeMsCount()
                    + " (expected: at most one for each of bind_aliases)");
        }
        texts("unbind_aliases", profile.getUnbindAliasesList(), Limits.ENDPOINT_ALIASES, Limits.ALIAS_CHARS);
        texts("add_tags", profile.getAddTagsList(), Limits.TAGS, Limits.TAG_CHARS);
        texts("remove_tags", profile.getRemoveTagsList(), Limits.TAGS, Limits.TAG_CHARS);
        texts("remove_attributes", profile.getRemoveAttributesList(), Limits.ATTRIBUTES, Limits.TAG_CHARS);
        texts("set_attributes", profile.getSetAttributesMap().keySet(), Limits.ATTRIBUTES, Limits.TAG_CHARS);
        for (Map.Entry<String, String> attribute : profile.getSetAttributesMap().entrySet()) {
            if (attribute.getValue().length() > Limits.ATTRIBUTE_CHARS) {
                throw new ProtocolError(Code.TOO_LARGE, "set_attributes: " + attribute.getValue().length()
                        + " characters (expected: at most " + Limits.ATTRIBUTE_CHARS + ")");
            }
        }
    }

    /** For whoever makes a push, before it is encoded. */
    public static void check(Push push) throws ProtocolError {
        atMost("payload", push.getPayload().size(), Limits.PAYLOAD_BYTES);
        atMost("collapse_key", push.getCollapseKey().size(), Limits.COLLAPSE_KEY_BYTES);
        if (push.getMessageId() == 0 || push.getAppId() == 0) {
            throw new ProtocolError(Code.PROTOCOL, "message_id, app_id: 0 (expected: both set)");
        }
        if (push.getEndpointId() == 0 && push.getBcastSeq() == 0) {
            throw new ProtocolError(Code.PROTOCOL, "endpoint_id: 0 (expected: set, unless bcast_seq is)");
        }
        if (push.getKind() == PushKind.KIND_REVOKE && (push.getReplaces() == 0 || !push.getPayload().isEmpty())) {
            throw new ProtocolError(Code.PROTOCOL, "replaces: " + push.getReplaces() + ", payload: "
                    + push.getPayload().size() + " bytes (expected: of a revoke, a message and none)");
        }
    }

    private static void bindings(List<EndpointBinding> bindings) throws ProtocolError {
        if (bindings.isEmpty() || bindings.size() > Limits.BINDINGS) {
            throw new ProtocolError(bindings.isEmpty() ? Code.PROTOCOL : Code.TOO_LARGE,
                    "bindings: " + bindings.size() + " (expected: 1 to " + Limits.BINDINGS + ")");
        }
        for (int i = 0; i < bindings.size(); i++) {
            EndpointBinding binding = bindings.get(i);
            atMost("credential", binding.getCredential().size(), CREDENTIAL_BYTES);
            atMost("bcast_seen", binding.getBcastSeen().size(), BCAST_SEEN_BYTES);
            if (binding.getConnSeq() <= 0 || binding.getPrevConnSeq() < 0) {
                throw new ProtocolError(Code.PROTOCOL, "conn_seq: " + binding.getConnSeq() + ", prev_conn_seq: "
                        + binding.getPrevConnSeq() + " (expected: above 0, and 0 or more)");
            }
        }
    }

    private static void texts(String name, Collection<String> values, int count, int chars) throws ProtocolError {
        atMost(name, values.size(), count);
        for (String value : values) {
            if (value.isEmpty() || value.length() > chars) {
                throw new ProtocolError(value.isEmpty() ? Code.PROTOCOL : Code.TOO_LARGE,
                        name + ": " + value.length() + " characters (expected: 1 to " + chars + ")");
            }
        }
    }

    private static void label(String name, String value) throws ProtocolError {
        if (value.length() > Limits.LABEL_CHARS) {
            throw new ProtocolError(Code.TOO_LARGE,
                    name + ": " + value.length() + " characters (expected: at most " + Limits.LABEL_CHARS + ")");
        }
    }

    private static void atMost(String name, int value, int limit) throws ProtocolError {
        if (value > limit) {
            throw new ProtocolError(Code.TOO_LARGE, name + ": " + value + " (expected: at most " + limit + ")");
        }
    }
}
