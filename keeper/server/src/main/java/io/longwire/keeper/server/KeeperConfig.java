package io.longwire.keeper.server;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * What a keeper can be told.
 *
 * @param holdDown how long a register that vanished keeps its slots in the map
 * @param agentKey file with the key that orders to agents are signed with; empty = it gives none
 */
public record KeeperConfig(Duration holdDown, String agentKey) {
    public static KeeperConfig read(ConfigNode node) {
        return new KeeperConfig(node.duration("holdDown", "10s", "0", "10m"), node.text("agentKey", ""));
    }
}
