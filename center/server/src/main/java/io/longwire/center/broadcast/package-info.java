/**
 * Broadcasts: made, controlled, followed, and walked by the rooms under this center's leases. Thread-safe, nothing
 * blocks. Read {@link io.longwire.center.broadcast.Walking} first, and docs/decisions/0014.
 */
@NullMarked
package io.longwire.center.broadcast;

import org.jspecify.annotations.NullMarked;
