package io.longwire.keeper.rpc;

import io.longwire.keeper.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How calls are spread over the members of each part, as far as it is not left to the caller.
 *
 * @param strategies by part; one that is not named is called as its callers say
 */
public record BalanceConfig(Map<String, Strategy> strategies) {
    /** The parts whose members are chosen; those of the others follow the register's map or a session. */
    private static final List<String> PARTS = List.of("register", "saver", "coordinator", "center", "room");
    private static final BalanceConfig NONE = new BalanceConfig(Map.of());

    public BalanceConfig {
        strategies = Map.copyOf(strategies);
    }

    /** What becomes of one call. */
    public enum Strategy {
        /** As the caller says: round robin, or rendezvous where its items have a key. */
        USUAL,
        /** Each member in turn. */
        ROUND_ROBIN,
        /** In turn, each as often as its service.weight says, and never in bursts (nginx's smooth order). */
        WEIGHTED,
        /** The one with the fewest items under way from here. */
        LEAST_IN_FLIGHT,
        /** The one with the highest rendezvous weight for the item's key; in turn for items without one. */
        RENDEZVOUS
    }

    /** Every part is called as its callers say. */
    public static BalanceConfig none() {
        return NONE;
    }

    public static BalanceConfig read(ConfigNode node) {
        node.about("""
                register    drain how calls are spread over registers
                saver       drain over savers
                coordinator drain over coordinators
                center      drain over centers
                room        drain over rooms
                """);
        var strategies = new LinkedHashMap<String, Strategy>();
        PARTS.forEach(part -> strategies.put(part, node.choice(part, Strategy.USUAL)));
        return new BalanceConfig(strategies);
    }

    /** The strategy for calls to a part whose items have a key, or not. */
    Strategy of(String part, boolean keyed) {
        Strategy given = strategies.getOrDefault(part, Strategy.USUAL);
        return switch (given) {
            case USUAL -> keyed ? Strategy.RENDEZVOUS : Strategy.ROUND_ROBIN;
            case RENDEZVOUS -> keyed ? given : Strategy.ROUND_ROBIN;
            case ROUND_ROBIN, WEIGHTED, LEAST_IN_FLIGHT -> given;
        };
    }
}
