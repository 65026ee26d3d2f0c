package io.longwire.center.revoke;

import io.longwire.center.CenterMetric;
import io.longwire.center.refuse.Refused;
import io.longwire.center.send.HeadStore;
import io.longwire.center.send.MessageNames;
import io.longwire.center.send.RevokePushes;
import io.longwire.center.send.Rules;
import io.longwire.center.send.Waves;
import io.longwire.center.status.Ledger;
import io.longwire.center.status.Presence;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.RevokeReply;
import io.longwire.rpc.center.RevokeRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import java.nio.LongBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Takes messages back, of one endpoint or of all that a message went to, 16 at a time. May be asked again with the same
 * counts: what is revoked stays so, and a phone is told once. Thread-safe, never blocks.
 */
public final class Revokes {
    private static final int AT_ONCE = 16;

    private final Rules rules;
    private final HeadStore heads;
    private final Parts parts;
    private final Metrics metrics;

    /** Who does the work. */
    public record Parts(Ledger ledger, Presence presence, RevokePushes pushes, Clock clock) {
    }

    public Revokes(Rules rules, HeadStore heads, Parts parts, Metrics metrics) {
        this.rules = rules;
        this.heads = heads;
        this.parts = parts;
        this.metrics = metrics;
    }

    /** Fails with {@link Refused}; UNAVAILABLE = some of it may be done, ask again. */
    public CompletableFuture<RevokeReply> revoke(int appId, RevokeRequest request) {
        long messageId = MessageNames.id("message_id", request.getMessageId());
        if (!request.getEndpoint().isEmpty()) {
            long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
            return revoke(new Revoking(parts, appId, messageId, 0), new long[]{endpointId});
        }
        return heads.head(GetHeadRequest.newBuilder().setAppId(appId).setMessageId(messageId).setWithoutPayload(true)
                .build()).thenCompose(head -> {
                    if (head.getAppId() == 0) {
                        throw Refused.invalid("endpoint", "missing",
                                "the endpoint, unless the message went to several");
                    }
                    LongBuffer ids = head.getEndpoints().asReadOnlyByteBuffer().asLongBuffer();
                    var endpoints = new long[ids.remaining()];
                    ids.get(endpoints);
                    return revoke(new Revoking(parts, appId, messageId, head.getExpireAtMs()), endpoints);
                });
    }

    private CompletableFuture<RevokeReply> revoke(Revoking revoking, long[] endpoints) {
        return Waves.run(endpoints.length, AT_ONCE, i -> revoking.at(endpoints[i]))
                .thenApply(outcomes -> answer(revoking.messageId(), outcomes));
    }

    private RevokeReply answer(long messageId, List<Revoking.Outcome> outcomes) {
        return RevokeReply.newBuilder().setMessageId(MessageId.text(messageId))
                .setPending(count(outcomes, Revoking.Outcome.PENDING)).setSent(count(outcomes, Revoking.Outcome.SENT))
                .setTooLate(count(outcomes, Revoking.Outcome.TOO_LATE)).build();
    }

    private int count(List<Revoking.Outcome> outcomes, Revoking.Outcome outcome) {
        int count = Collections.frequency(outcomes, outcome);
        metrics.counter(CenterMetric.REVOKED, "outcome", outcome.name().toLowerCase(Locale.ROOT)).add(count);
        return count;
    }
}
