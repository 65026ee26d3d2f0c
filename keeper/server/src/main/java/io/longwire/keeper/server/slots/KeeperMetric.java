package io.longwire.keeper.server.slots;

import io.longwire.keeper.metrics.Metric;

/** Everything a keeper counts. */
public enum KeeperMetric implements Metric {
    // @formatter:off
    LEADING("keeper_leading", "1 while this keeper publishes the maps."),
    MAPS_PUBLISHED("keeper_maps_published_total", "Slot maps published by this keeper."),
    PUBLISH_FAILURES("keeper_publish_failures_total", "Attempts to publish that ZooKeeper did not take; repeated."),
    REGISTERS_COUNTING("keeper_registers", "Registers the next slot map would be made from."),
    MAP_SKEW("keeper_map_skew_processes",
        "Processes that use an older slot map than the one of 30 s ago, or tell of none; must be 0."),
    CONFIG_VERSIONS("keeper_config_versions_total", "Versions of configuration put through this keeper."),
    CONFIG_MISTAKEN("keeper_config_mistaken_total", "Drafts of configuration that had mistakes; they became nothing."),
    ROLLED_BACK("keeper_rollouts_rolled_back_total", "Rollouts that this keeper rolled back by itself.");
    // @formatter:on

    private final String id;
    private final String sentence;

    KeeperMetric(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
