/**
 * What a room does by itself once a second and at its end: tells its load, minds its fence, drains. Read
 * {@link io.longwire.room.lifecycle.Drain} first. Runs on the clock's and the closing thread.
 */
@NullMarked
package io.longwire.room.lifecycle;

import org.jspecify.annotations.NullMarked;
