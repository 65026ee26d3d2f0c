/** Broadcasts on a virtual clock, with store and rooms in memory. */
@NullMarked
package io.longwire.center.broadcast;

import org.jspecify.annotations.NullMarked;
