package io.longwire.keeper.server.slots;

import io.longwire.keeper.metrics.Metric;

/** Everything a keeper counts. */
public enum KeeperMetric implements Metric {
    // @formatter:off
    LEADING("keeper_leading", "1 while this keeper publishes the maps."),
    MAPS_PUBLISHED("keeper_maps_published_total", "Slot maps published by this keeper."),
    PUBLISH_FAILURES("keeper_publish_failures_total", "Attempts to publish that ZooKeeper did not take; repeated."),
    REGISTERS_COUNTING("keeper_registers", "Registers the next slot map would be made from.");
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
