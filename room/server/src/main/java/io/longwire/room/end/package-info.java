/**
 * The way of acks and attempts to the savers, until confirmed; hot. Read {@link io.longwire.room.end.EndOutbox}
 * first. Owner: the loop; {@link io.longwire.room.end.EndSink} answers on any thread.
 */
@NullMarked
package io.longwire.room.end;

import org.jspecify.annotations.NullMarked;
