package io.longwire.center.client;

import io.longwire.center.client.call.BackendException;
import io.longwire.center.client.call.Failures;
import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.TargetResult;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a send.
 *
 * @param messageId 13 characters; empty for what is scheduled or only checked
 * @param endpoint of a message to one; else empty
 * @param status {@code accepted}, {@code duplicate}, {@code delivered_online}, {@code offline_dropped}, {@code
 *     scheduled}, {@code dry_run}, {@code partial} or {@code refused}
 * @param duplicate the idempotency key had been used for the same message before, perhaps by an own retry
 * @param accepted how many endpoints it was accepted for
 * @param targets of a message to several: one for each endpoint, and for each target that was refused
 * @param collapsed the unread message that this one replaced; empty = none
 * @param scheduleId of a message for later; else empty
 * @param fires when; null = it is not for later
 */
public record Sent(String messageId, String endpoint, String status, @Nullable Instant acceptedAt, boolean duplicate,
        int accepted, List<Target> targets, String collapsed, String scheduleId, @Nullable Instant fires) {

    /**
     * What became of one target.
     *
     * @param target as it was given
     * @param problem null = accepted
     */
    public record Target(String target, String endpoint, String status, @Nullable BackendException problem) {
        public boolean accepted() {
            return problem == null;
        }

        static Target of(TargetResult result) {
            return new Target(result.getTarget(), result.getEndpoint(), result.getStatus(),
                    result.hasProblem() ? Failures.of(result.getProblem()) : null);
        }
    }

    static Sent of(SendReply reply) {
        return new Sent(reply.getMessageId(), reply.getEndpoint(), reply.getStatus(),
                Times.instant(reply.getAcceptedMs()), reply.getDuplicate(), reply.getAccepted(),
                reply.getResultsList().stream().map(Target::of).toList(), reply.getCollapsed(), reply.getScheduleId(),
                Times.instant(reply.getFiresMs()));
    }
}
