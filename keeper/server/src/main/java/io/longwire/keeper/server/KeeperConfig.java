package io.longwire.keeper.server;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.server.console.ConsoleConfig;
import java.time.Duration;

/**
 * What a keeper can be told.
 *
 * @param holdDown how long a register that vanished keeps its slots in the map
 * @param console pages for operators
 * @param agentKey file with the key that orders to agents are signed with; empty = it gives none
 */
public record KeeperConfig(Duration holdDown, ConsoleConfig console, String agentKey) {
    public static KeeperConfig read(ConfigNode node) {
        node.about("""
                holdDown restart how long a register that vanished keeps its slots in the map
                console  local   pages for operators
                agentKey local   file with the key that orders to agents are signed with; empty = it gives none
                """);
        return new KeeperConfig(node.duration("holdDown", "10s", "0", "10m"),
                node.node("console", ConsoleConfig::read), node.text("agentKey", ""));
    }
}
