package io.longwire.sdk.android.network;

import io.longwire.device.v1.NetType;
import java.util.Objects;

/** The network that the phone uses. Immutable. */
public final class NetworkState {
    private final NetType type;
    private final String key;
    private final boolean validated;
    private final boolean roaming;

    NetworkState(NetType type, String key, boolean validated, boolean roaming) {
        this.type = type;
        this.key = key;
        this.validated = validated;
        this.roaming = roaming;
    }

    public NetType type() {
        return type;
    }

    /**
     * A name of this network that is the same at the next visit: a digest of kind, gateways, name servers and operator.
     * Neither the name of a wifi nor anything else that would tell a place, so no permission is needed.
     */
    public String key() {
        return key;
    }

    /** Whether the internet was reached by it: not so behind the page where one signs in to a wifi. */
    public boolean validated() {
        return validated;
    }

    public boolean roaming() {
        return roaming;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkState && ((NetworkState) other).type == type
                && ((NetworkState) other).validated == validated && ((NetworkState) other).roaming == roaming
                && ((NetworkState) other).key.equals(key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, key, validated, roaming);
    }

    @Override
    public String toString() {
        return type.name() + " " + key + (validated ? "" : " without internet") + (roaming ? " roaming" : "");
    }
}
