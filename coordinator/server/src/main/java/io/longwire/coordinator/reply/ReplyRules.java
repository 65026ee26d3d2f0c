package io.longwire.coordinator.reply;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.room.client.ReplyOrder;
import io.longwire.rpc.coordinator.ReplyRequest;

/** What a reply must be like; throws INVALID_ARGUMENT. Static, pure. */
final class ReplyRules {
    static final int MAX_REFUSAL = 256;

    private ReplyRules() {
    }

    /** The request that is answered, if this app may answer it. */
    static Asked asked(ReplyTokens tokens, int app, String replyTo) {
        Asked asked = tokens.read(replyTo);
        if (asked == null || asked.app() != app) {
            throw invalid("reply_to", asked == null ? replyTo.length() + " characters" : "of another app",
                    "the reply_to of an event of this app");
        }
        return asked;
    }

    /** What the phone is told. */
    static ReplyOrder order(Asked asked, ReplyRequest request) {
        String refusal = request.getRefuse();
        if (request.getBody().size() > Limits.REPLY_BYTES) {
            throw invalid("body", request.getBody().size() + " bytes", "at most " + Limits.REPLY_BYTES);
        }
        if (refusal.length() > MAX_REFUSAL) {
            throw invalid("refuse", refusal.length() + " characters", "at most " + MAX_REFUSAL);
        }
        if (!refusal.isEmpty() && !request.getBody().isEmpty()) {
            throw invalid("body", request.getBody().size() + " bytes", "none beside refuse");
        }
        return new ReplyOrder(asked.seq(), refusal.isEmpty() ? Code.OK : Code.REFUSED, request.getBody(), refusal);
    }

    private static StatusRuntimeException invalid(String name, String value, String rule) {
        return Status.INVALID_ARGUMENT.withDescription(name + ": " + value + " (expected: " + rule + ")")
                .asRuntimeException();
    }
}
