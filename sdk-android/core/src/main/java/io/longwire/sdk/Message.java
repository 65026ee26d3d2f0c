package io.longwire.sdk;

import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import org.jspecify.annotations.Nullable;

/** A message for one app. Immutable; any thread. */
public final class Message {
    private final Push push;
    private final String endpoint;
    private final boolean mayBeRepeated;

    Message(Push push, String endpoint, boolean mayBeRepeated) {
        this.push = push;
        this.endpoint = endpoint;
        this.mayBeRepeated = mayBeRepeated;
    }

    /** Its id: 13 characters, the same that the product got when the platform accepted it. */
    public String id() {
        return MessageId.text(push.getMessageId());
    }

    /** The endpoint it came for. */
    public String endpoint() {
        return endpoint;
    }

    /** What the product sent, at most 4 KiB; a copy. */
    public byte[] payload() {
        return push.getPayload().toByteArray();
    }

    /** When the platform accepted it, unix milliseconds by its clock; when it was named, if that is not known. */
    public long acceptedMillis() {
        return push.getAcceptedMs() > 0 ? push.getAcceptedMs() : MessageId.timeMs(push.getMessageId());
    }

    /** When it ceases to be of use, unix milliseconds by the platform's clock; 0 = only for who is online. */
    public long expiresMillis() {
        return push.getExpireAtMs();
    }

    /** Whether the product calls it urgent. */
    public boolean isUrgent() {
        return push.getPriority() == Priority.PRIORITY_HIGH;
    }

    /** Whether it takes back {@link #replaces}, and has nothing to show itself. */
    public boolean isRevocation() {
        return push.getKind() == PushKind.KIND_REVOKE;
    }

    /** The id of the earlier message that this one stands for or takes back; null = none. */
    public @Nullable String replaces() {
        return push.getReplaces() > 0 ? MessageId.text(push.getReplaces()) : null;
    }

    /** Whether it belongs to a broadcast. */
    public boolean isBroadcast() { return push.getBcastSeq() != 0; }

    /**
     * The process ended during an earlier {@link MessageListener#onMessage} with this message, so it may have been
     * seen. A notification whose number is made of {@link #id} replaces itself.
     */
    public boolean mayBeRepeated() {
        return mayBeRepeated;
    }

    @Override
    public String toString() {
        return "message " + id() + " for " + endpoint + ", " + push.getPayload().size() + " bytes";
    }
}
