package io.longwire.room.presence;

import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.PresenceItem.Kind;

/**
 * What became of one endpoint.
 *
 * @param atMillis wall time
 * @param network as the phone named it; empty = it is not told
 */
record PresenceEvent(Kind kind, int appId, long endpointId, long connSeq, long atMillis, String network) {
    /** Whether it says that the endpoint has a session now. */
    boolean present() {
        return kind == Kind.ONLINE || kind == Kind.MOVED || kind == Kind.NETWORK;
    }

    PresenceItem item() {
        return PresenceItem.newBuilder().setKind(kind).setAppId(appId).setEndpointId(endpointId).setConnSeq(connSeq)
                .setAtMs(atMillis).setNetwork(network).build();
    }
}
