package io.longwire.room.broadcast;

import io.longwire.device.v1.Connect;
import io.longwire.device.v1.NetType;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.client.audience.PhoneTraits;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Connection;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What phones tell of themselves, each distinct answer kept once for the whole room, so that a connection has one
 * reference. Nothing is ever released: there are a few thousand of them in practice, and at 100,000 (about 20 MB)
 * further ones count as unknown. Thread-safe; a known one costs no lock.
 */
public final class TraitsPool {
    private static final int BOUND = 100_000;

    private final ConcurrentHashMap<PhoneTraits, PhoneTraits> known = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Counter beyond;
    private final int bound;

    public TraitsPool(Metrics metrics) {
        this(metrics, BOUND);
    }

    TraitsPool(Metrics metrics, int bound) {
        this.bound = bound;
        this.beyond = metrics.counter(RoomMetric.TRAITS_BEYOND);
    }

    /** The traits that a CONNECT tells. Call it for phones that have proved who they are only. */
    PhoneTraits of(Connect connect) {
        var traits = new PhoneTraits(connect.getOs().toLowerCase(Locale.ROOT), connect.getOsVersion(),
                connect.getSdkVersion(), connect.getRegion().toUpperCase(Locale.ROOT),
                connect.getLanguage().toLowerCase(Locale.ROOT).replace('_', '-'), network(connect.getNet()));
        PhoneTraits same = known.get(traits);
        if (same != null) {
            return same;
        }
        if (size.get() >= bound) {
            beyond.increment();
            return Connection.NO_TRAITS;
        }
        same = known.putIfAbsent(traits, traits);
        if (same != null) {
            return same;
        }
        size.incrementAndGet();
        return traits;
    }

    private static String network(NetType net) {
        return switch (net) {
            case NET_WIFI -> "wifi";
            case NET_CELL_2G -> "2g";
            case NET_CELL_3G -> "3g";
            case NET_CELL_4G -> "4g";
            case NET_CELL_5G -> "5g";
            case NET_ETHERNET -> "ethernet";
            case NET_VPN -> "vpn";
            case NET_UNKNOWN, UNRECOGNIZED -> "unknown";
        };
    }
}
