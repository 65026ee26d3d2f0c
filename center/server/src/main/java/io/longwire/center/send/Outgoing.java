package io.longwire.center.send;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.longwire.device.PushFrames;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Encryption;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.DeliveryClass;

/**
 * A message with its id, to one endpoint, encoded once for store and phone alike.
 *
 * @param headless its payload stands in the head of its message, once for all endpoints, and is not stored with it
 * @param envelope the device Push without seq, as the phone gets it
 */
record Outgoing(Draft draft, long endpointId, long messageId, boolean headless, ByteString envelope) {

    static Outgoing of(Draft draft, long endpointId, long messageId, boolean headless) {
        return new Outgoing(draft, endpointId, messageId, headless,
                UnsafeByteOperations.unsafeWrap(PushFrames.encode(push(draft, endpointId, messageId).build())));
    }

    /** The same under another id. */
    Outgoing as(long otherId) {
        return otherId == 0 || otherId == messageId ? this : of(draft, endpointId, otherId, headless);
    }

    /** What the store gets, without an idempotency key. */
    AppendItem.Builder item() {
        var options = draft.options();
        return AppendItem.newBuilder().setEndpointId(endpointId).setMessageId(messageId).setAppId(draft.appId())
                .setDeliveryClass(options.fast() ? DeliveryClass.FAST : DeliveryClass.DURABLE)
                .setExpireAtMs(expireAtMillis()).setCollapseKey(options.collapseKey())
                .setReplaces(stored(options)).setDueAfterS(options.lowWindowSeconds()).setHeadless(headless)
                .setTraced(!options.trace().isEmpty())
                .setEnvelope(headless ? withoutPayload() : envelope);
    }

    // A revoke names what it takes back for the phone alone: that message has ended, and no store collapses it.
    private static long stored(Draft.Options options) {
        return options.kind() == PushKind.KIND_REVOKE ? 0 : options.replaces();
    }

    private ByteString withoutPayload() {
        return UnsafeByteOperations.unsafeWrap(
                PushFrames.encode(push(draft, endpointId, messageId).clearPayload().build()));
    }

    private static Push.Builder push(Draft draft, long endpointId, long messageId) {
        long acceptedMillis = MessageId.timeMs(messageId);
        return Push.newBuilder().setEndpointId(endpointId).setMessageId(messageId).setAppId(draft.appId())
                .setPayload(draft.payload()).setPriority(draft.priority()).setKind(draft.options().kind())
                .setExpireAtMs(draft.isTransient() ? 0 : acceptedMillis + draft.ttlMillis())
                .setAcceptedMs(acceptedMillis).setCollapseKey(draft.options().collapseKey())
                .setReplaces(draft.options().replaces()).setTrace(draft.options().trace())
                .setAckNow(draft.priority() == Priority.PRIORITY_HIGH)
                .setEnc(draft.options().sealed() ? Encryption.ENC_HPKE : Encryption.ENC_NONE);
    }

    int appId() {
        return draft.appId();
    }

    long acceptedMillis() {
        return MessageId.timeMs(messageId);
    }

    long expireAtMillis() {
        return isTransient() ? 0 : acceptedMillis() + draft.ttlMillis();
    }

    boolean isTransient() { return draft.isTransient(); }

    /** Something for the app, not for the SDK alone. */
    boolean isContent() {
        return draft.options().kind() == PushKind.KIND_DATA;
    }
}
