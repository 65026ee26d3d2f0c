package io.longwire.coordinator.presence;

import com.google.protobuf.ByteString;
import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.UplinkItem;
import java.util.Locale;
import java.util.regex.Pattern;

/** Presence events as they stand in streams: uplinks whose body is flat JSON, without their app. Static, pure. */
final class PresenceValues {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,16}");

    private PresenceValues() {
    }

    static byte[] of(PresenceItem item, int via) {
        var body = new StringBuilder(80);
        body.append("{\"kind\":\"").append(item.getKind().name().toLowerCase(Locale.ROOT)).append('"');
        if (item.getEndpointId() != 0) {
            body.append(",\"conn_seq\":").append(item.getConnSeq());
        }
        body.append(",\"via\":").append(via);
        if (NAME.matcher(item.getNetwork()).matches()) {
            body.append(",\"network\":\"").append(item.getNetwork()).append('"');
        }
        return value(body.append('}').toString(), item.getEndpointId(), item.getConnSeq(), item.getAtMs());
    }

    /** Every endpoint of the partition whose last event has this incarnation is offline. */
    static byte[] roomGone(int via, long atMillis) {
        return value("{\"kind\":\"room_gone\",\"via\":" + via + "}", 0, 0, atMillis);
    }

    private static byte[] value(String body, long endpointId, long connSeq, long atMillis) {
        return UplinkItem.newBuilder().setEndpointId(endpointId).setSeq(connSeq).setType(PresenceStore.TYPE)
                .setBody(ByteString.copyFromUtf8(body)).setReceivedMs(atMillis).setConnSeq(connSeq).build()
                .toByteArray();
    }
}
