package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.KeyText;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.saver.Idempotency;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Tells phones to take back a message that has reached them: a message of its own, DURABLE, without payload, that lives
 * as long as the one it revokes had left and at least an hour. However often it is asked for, a phone gets one for each
 * message. Thread-safe, never blocks.
 */
public final class RevokePushes {
    private static final Duration LEAST = Duration.ofHours(1);
    private static final ByteString BODY = KeyText.hash("revoke");

    private final Sender sender;
    private final EndpointNames names;

    public RevokePushes(Sender sender, EndpointNames names) {
        this.sender = sender;
        this.names = names;
    }

    /**
     * True when it is on its way, now or since an earlier time; false when the endpoint takes no message any more.
     * Fails with {@link Refused} when it may be asked again.
     */
    public CompletableFuture<Boolean> send(int appId, long endpointId, long messageId, long leftMillis) {
        String endpoint = names.text(appId, endpointId);
        var key = Idempotency.newBuilder().setBodyHash(BODY)
                .setKeyHash(KeyText.hash("revoke:" + MessageId.text(messageId) + ":" + endpoint)).build();
        var draft = new Draft(appId, ByteString.EMPTY, Math.max(leftMillis, LEAST.toMillis()),
                Priority.PRIORITY_NORMAL,
                new Draft.Options(false, ByteString.EMPTY, messageId, 0, PushKind.KIND_REVOKE, ByteString.EMPTY, false),
                key);
        return sender.send(draft, new Targets.Recipient(endpoint, endpoint, endpointId))
                .handle((receipt, failure) -> failure == null || isOnItsWay(failure));
    }

    private static boolean isOnItsWay(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof Refused refused
                && (refused.why() == Why.REJECTED || refused.why() == Why.UNKNOWN_ENDPOINT)) {
            return false;
        }
        throw new CompletionException(cause);
    }
}
