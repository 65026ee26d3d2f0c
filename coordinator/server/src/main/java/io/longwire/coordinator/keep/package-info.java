/**
 * How uplinks come in: checked, paced, kept once in the stream of their type, answered when durable. gRPC threads hand
 * over, nothing in them blocks. Read {@link io.longwire.coordinator.keep.Uplinks} first.
 */
@NullMarked
package io.longwire.coordinator.keep;

import org.jspecify.annotations.NullMarked;
