package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.MessageFunnel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a message is, in endpoints.
 *
 * @param ended by how: {@code acked}, {@code expired}, {@code cancelled}, ...
 * @param receipts by what the apps told: {@code delivered}, {@code shown}, {@code clicked}, ...
 * @param unknown refused when it was sent, or kept no longer
 * @param endpoints the timeline of the endpoint that was asked for
 */
public record Funnel(String messageId, int targets, int waiting, Map<String, Integer> ended,
        Map<String, Integer> receipts, int unknown, @Nullable Instant firstAck, @Nullable Instant lastAck,
        List<Timeline> endpoints) {

    static Funnel of(MessageFunnel funnel) {
        return new Funnel(funnel.getMessageId(), funnel.getTargets(), funnel.getWaiting(),
                Map.copyOf(funnel.getEndedMap()), Map.copyOf(funnel.getReceiptsMap()), funnel.getUnknown(),
                Times.instant(funnel.getFirstAckMs()), Times.instant(funnel.getLastAckMs()),
                funnel.getEndpointsList().stream().map(Timeline::of).toList());
    }
}
