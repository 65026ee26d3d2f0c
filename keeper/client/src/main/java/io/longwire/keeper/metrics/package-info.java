/**
 * Counters, gauges and timers of a service. Read {@link io.longwire.keeper.metrics.Metrics} first. Thread-safe.
 */
@NullMarked
package io.longwire.keeper.metrics;

import org.jspecify.annotations.NullMarked;
