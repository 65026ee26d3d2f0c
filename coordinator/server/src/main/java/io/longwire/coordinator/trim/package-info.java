/**
 * What is removed: events that every channel has finished, and those that are too old. Rounds on the clock, answers on
 * Lettuce's threads. Read {@link io.longwire.coordinator.trim.Trimming}.
 */
@NullMarked
package io.longwire.coordinator.trim;

import org.jspecify.annotations.NullMarked;
