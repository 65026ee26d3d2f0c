package io.longwire.center.send;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.longwire.device.PushFrames;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;

/**
 * A message with its id, encoded once for store and phone alike.
 *
 * @param envelope the device Push without seq
 */
record Outgoing(int appId, long endpointId, long messageId, long expireAtMillis, ByteString envelope) {

    static Outgoing of(Draft draft, long messageId) {
        long acceptedMillis = MessageId.timeMs(messageId);
        long expireAtMillis = draft.isTransient() ? 0 : acceptedMillis + draft.ttlMillis();
        Push.Builder push = Push.newBuilder().setEndpointId(draft.endpointId()).setMessageId(messageId)
                .setAppId(draft.appId()).setPayload(draft.payload()).setPriority(draft.priority())
                .setExpireAtMs(expireAtMillis).setAcceptedMs(acceptedMillis);
        if (!draft.collapseKey().isEmpty()) {
            push.setCollapseKey(ByteString.copyFromUtf8(draft.collapseKey()));
        }
        return new Outgoing(draft.appId(), draft.endpointId(), messageId, expireAtMillis,
                UnsafeByteOperations.unsafeWrap(PushFrames.encode(push.build())));
    }

    long acceptedMillis() {
        return MessageId.timeMs(messageId);
    }

    boolean isTransient() { return expireAtMillis == 0; }
}
