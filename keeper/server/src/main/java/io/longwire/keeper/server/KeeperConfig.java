package io.longwire.keeper.server;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * What a keeper can be told.
 *
 * @param holdDown how long a register that vanished keeps its slots in the map
 */
public record KeeperConfig(Duration holdDown) {
    public static KeeperConfig read(ConfigNode node) {
        node.about("holdDown restart how long a register that vanished keeps its slots in the map");
        return new KeeperConfig(node.duration("holdDown", "10s", "0", "10m"));
    }
}
