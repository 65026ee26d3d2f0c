/** Broadcasts on a real database. */
@NullMarked
package io.longwire.saver.broadcast;

import org.jspecify.annotations.NullMarked;
