/**
 * One connection to a room: the race for it, its frames, heartbeat and acks. Everything belongs to the loop. Read
 * {@link io.longwire.sdk.connection.Connection} first.
 */
@NullMarked
package io.longwire.sdk.connection;

import org.jspecify.annotations.NullMarked;
