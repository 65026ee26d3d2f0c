/**
 * Asking phones to leave: drain, and a room that stays cut off. Read {@link io.longwire.room.drain.Farewell} first.
 * Owner: the loop.
 */
@NullMarked
package io.longwire.room.drain;

import org.jspecify.annotations.NullMarked;
