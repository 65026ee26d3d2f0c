package io.longwire.sdk.phone;

import io.longwire.device.id.MessageId;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.policy.AckBatcher;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Pushes into the apps' inboxes, answers back to the room. Answers that a dead connection did not send, or that may
 * have been lost with it, go by their ids on the next one; at most {@link #CARRIED_MAX}, then the oldest are dropped,
 * which costs a redelivery each. Belongs to the loop.
 */
final class Delivery {
    static final int CARRIED_MAX = 1_000;

    private final Collection<App> apps;
    private final Parts parts;
    private final ListRenewal renewal;
    private final Deque<AckBatcher.Answer> carried = new ArrayDeque<>();

    /**
     * @param renewal is told when the radio is awake: a guest, which sends no pings, learns it by what comes
     */
    Delivery(Collection<App> apps, Parts parts, ListRenewal renewal) {
        this.apps = apps;
        this.parts = parts;
        this.renewal = renewal;
    }

    /** A push came on this connection. */
    void onPush(Connection connection, Push push) {
        App app = appOf(push);
        renewal.awake();
        if (app != null) {
            parts.traffic.in(app.appId(), push, connection.isLodged());
        }
        AckStatus status = app == null ? AckStatus.ACK_APP_MISSING : taken(connection, app, push);
        boolean nobodys = app == null && push.getEndpointId() == 0; // a broadcast for an app that has left
        if (push.getSeq() == 0 && (push.getBcastSeq() == 0 || nobodys)) {
            return;
        }
        long endpointId = app == null ? push.getEndpointId() : app.endpointId();
        AckBatcher.Answer answer = new AckBatcher.Answer(endpointId, push.getMessageId(), push.getSeq(),
                push.getBcastSeq(), status);
        boolean urgent = push.getAckNow() || push.getPriority() == Priority.PRIORITY_HIGH;
        if (connection.isClosed()) {
            carry(answer.withoutSeq());
        } else {
            connection.answer(answer, urgent);
        }
    }

    // What cannot be opened is not remembered either: should its answer get lost, it is answered so again.
    private AckStatus taken(Connection connection, App app, Push push) {
        try {
            if (connection.isSealedOnly() && SealedPayloads.isReadable(push)) {
                throw new GeneralSecurityException(
                        "payload: not sealed (expected: sealed, through an app of another signer)");
            }
            return app.inbox().offer(app.payloads().open(push, app.endpoint().getEndpoint()));
        } catch (GeneralSecurityException unreadable) {
            parts.events.onProblem(app + ": message " + MessageId.text(push.getMessageId() & Long.MAX_VALUE) + ": "
                    + unreadable.getMessage());
            return AckStatus.ACK_DECRYPT_FAILED;
        }
    }

    /** The connection is over. */
    void onClosed(Connection connection) {
        for (AckBatcher.Answer answer : connection.leftovers()) {
            carry(answer);
        }
    }

    /** The connection serves endpoints now: sends what earlier ones left for them. */
    void sendCarried(Connection connection) {
        for (int left = carried.size(); left > 0; left--) {
            AckBatcher.Answer answer = carried.remove();
            App app = appOf(answer.endpointId());
            if (app != null && app.bound) {
                connection.answer(answer, false);
            } else if (app != null) {
                carried.add(answer);
            }
        }
    }

    private void carry(AckBatcher.Answer answer) {
        // A deferral ends with its connection: the next bind asks for everything again. Reports are kept by their app.
        if (answer.status() == AckStatus.ACK_DEFERRED || answer.isReport()) {
            return;
        }
        if (carried.size() >= CARRIED_MAX) {
            carried.remove();
        }
        carried.add(answer);
    }

    private @Nullable App appOf(Push push) {
        if (push.getEndpointId() != 0) {
            return appOf(push.getEndpointId());
        }
        for (App app : apps) {
            if (app.appId() == push.getAppId() && app.bound) {
                return app;
            }
        }
        return null;
    }

    private @Nullable App appOf(long endpointId) {
        for (App app : apps) {
            if (app.endpointId() == endpointId && endpointId != 0) {
                return app;
            }
        }
        return null;
    }
}
