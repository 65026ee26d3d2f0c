/**
 * Messages on their way to phones; hot. Read {@link io.longwire.room.push.Delivery} first. Owner: the connection's
 * loop.
 */
@NullMarked
package io.longwire.room.push;

import org.jspecify.annotations.NullMarked;
