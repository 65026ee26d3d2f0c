package io.longwire.center.list;

import io.longwire.center.mint.MessageIds;
import io.longwire.center.send.SliceSends;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;

/** What lists are sent with. */
public record Sending(ListStore store, SliceSends sends, MessageIds ids, Clock clock, Metrics metrics) {
}
