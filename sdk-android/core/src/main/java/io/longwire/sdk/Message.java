package io.longwire.sdk;

import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import org.jspecify.annotations.Nullable;

/** A message for one app. Immutable; any thread. */
public final class Message {
    private final Push push;
    private final long earlier;
    private final String endpoint;
    private final boolean mayBeRepeated;

    /** @param earlier the message that it takes the place of; 0 = none */
    Message(Push push, long earlier, String endpoint, boolean mayBeRepeated) {
        this.push = push;
        this.earlier = earlier;
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

    /**
     * The id of the earlier message that this one takes the place of: of the same collapse key, or named by the
     * product. Null when none of them was given to the app, or it was revoked since.
     */
    public @Nullable String replaces() {
        return earlier > 0 ? MessageId.text(earlier) : null;
    }

    /** The collapse key that the product gave it; empty = none. */
    public String collapseKey() {
        return push.getCollapseKey().toStringUtf8();
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
