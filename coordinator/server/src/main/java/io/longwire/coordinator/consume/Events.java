package io.longwire.coordinator.consume;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.reply.Asked;
import io.longwire.coordinator.reply.ReplyTokens;
import io.longwire.device.id.EndpointId;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.UplinkItem;

/** Events as consumers see them. Pure. */
public record Events(EndpointId ids, ReplyTokens tokens) {
    /** What was kept, as an event of this delivery. */
    public Event of(Given given) {
        UplinkItem kept;
        try {
            kept = UplinkItem.parseFrom(given.value());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException("event " + given.id().text() + ": not an uplink", broken);
        }
        long until = kept.getTimeoutMs() == 0 ? 0 : kept.getReceivedMs() + kept.getTimeoutMs();
        return Event.newBuilder().setEventId(given.id().text()).setType(kept.getType()).setAppId(kept.getAppId())
                .setEndpoint(kept.getEndpointId() == 0 ? "" : ids.text(kept.getAppId(), kept.getEndpointId()))
                .setSeq(kept.getSeq())
                .setReceivedMs(kept.getReceivedMs()).setKeptMs(given.id().millis()).setBody(kept.getBody())
                .setPartition(given.id().partition()).setAttempt(given.attempt())
                .setReplyUntilMs(until)
                .setReplyTo(until == 0
                        ? ""
                        : tokens.text(new Asked(kept.getAppId(), kept.getEndpointId(), kept.getSeq(), until)))
                .setCodec(codec(kept.getCodec())).build();
    }

    private static String codec(int codec) {
        return switch (codec) {
            case 0 -> "identity";
            case 1 -> "deflate";
            case 2 -> "zstd";
            default -> "codec-" + codec;
        };
    }
}
