/**
 * The process that keeps what phones say until product backends have it: Redis streams, read through channels. Read
 * {@link io.longwire.coordinator.CoordinatorMain} first.
 */
@NullMarked
package io.longwire.coordinator;

import org.jspecify.annotations.NullMarked;
