package io.longwire.coordinator.consume;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.coordinator.channel.Given;
import io.longwire.device.id.EndpointId;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.UplinkItem;

/** Events as consumers see them. Pure. */
public record Events(EndpointId ids) {
    /** What was kept, as an event of this delivery. */
    public Event of(Given given) {
        UplinkItem kept;
        try {
            kept = UplinkItem.parseFrom(given.value());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException("event " + given.id().text() + ": not an uplink", broken);
        }
        return Event.newBuilder().setEventId(given.id().text()).setType(kept.getType()).setAppId(kept.getAppId())
                .setEndpoint(kept.getEndpointId() == 0 ? "" : ids.text(kept.getAppId(), kept.getEndpointId()))
                .setSeq(kept.getSeq())
                .setReceivedMs(kept.getReceivedMs()).setKeptMs(given.id().millis()).setBody(kept.getBody())
                .setPartition(given.id().partition()).setAttempt(given.attempt())
                .setReplyUntilMs(kept.getTimeoutMs() == 0 ? 0 : kept.getReceivedMs() + kept.getTimeoutMs())
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
