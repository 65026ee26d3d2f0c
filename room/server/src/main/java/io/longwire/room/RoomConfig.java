package io.longwire.room;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.room.accept.AcceptConfig;
import io.longwire.room.accept.AccessConfig;
import io.longwire.room.login.HeartbeatConfig;
import io.longwire.room.phone.LoopLimits;
import io.longwire.room.session.Handle;
import io.longwire.room.transport.ListenerConfig;
import io.longwire.room.uplink.UplinkLimits;
import java.util.List;

/**
 * A room's own configuration.
 *
 * @param listen where phones connect; empty = plain TCP on loopback, any port
 * @param threads event loops; more than the load needs make it dearer
 * @param access who may connect; follows reloads
 * @param accept how much at once
 * @param limits of the whole room; each loop has its share
 */
public record RoomConfig(List<ListenerConfig> listen, int threads, AccessConfig access, AcceptConfig accept,
        HeartbeatConfig heartbeat, LoopLimits limits) {

    public static RoomConfig read(ConfigNode node) {
        node.about("""
                listen    drain where phones connect; empty = plain TCP on loopback, any port
                threads   drain event loops; more than the load needs make it dearer
                access    hot   who may connect
                accept    hot   how much at once
                heartbeat drain how often phones may ping
                limits    drain bounds of the whole room; each loop has its share
                """);
        List<ListenerConfig> listen = node.nodes("listen", ListenerConfig::read);
        int processors = Runtime.getRuntime().availableProcessors();
        return new RoomConfig(listen.isEmpty() ? List.of(ListenerConfig.loopback()) : listen,
                node.integer("threads", Math.min(processors, Handle.LOOPS), 1, Handle.LOOPS),
                node.node("access", AccessConfig::read), node.node("accept", AcceptConfig::read),
                node.node("heartbeat", HeartbeatConfig::read), node.node("limits", RoomConfig::limits));
    }

    /** The share of one loop. */
    LoopLimits limitsPerLoop() {
        return new LoopLimits(share(limits.parked()), share(limits.ends()), share(limits.fetchRetriesPerSecond()),
                limits.framesPerSecond(), limits.uplinks().share(threads));
    }

    private static LoopLimits limits(ConfigNode node) {
        node.about("""
                parked                drain dropped connections that wait for a resume
                unconfirmedAcks       drain acks not yet confirmed by a saver
                fetchRetriesPerSecond drain inbox fetches tried again in a second
                framesPerSecond       drain frames of one connection in a second
                uplinks               drain what phones send to products
                """);
        return new LoopLimits(node.integer("parked", 500_000, 0, 16_000_000),
                node.integer("unconfirmedAcks", 1_000_000, 1, 100_000_000),
                node.integer("fetchRetriesPerSecond", 4_000, 1, 1_000_000),
                node.integer("framesPerSecond", 1_000, 10, 30_000), node.node("uplinks", UplinkLimits::read));
    }

    private int share(int all) {
        return (all + threads - 1) / threads;
    }
}
