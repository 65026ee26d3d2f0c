/**
 * What a room counts. Read {@link io.longwire.room.metric.RoomMetric} first. Counters are thread-safe.
 */
@NullMarked
package io.longwire.room.metric;

import org.jspecify.annotations.NullMarked;
