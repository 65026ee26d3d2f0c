/**
 * What apps send to their products, on its way to a coordinator. Read {@link io.longwire.room.uplink.Uplinks} first.
 * Owner: the connection's loop; {@link io.longwire.room.uplink.UplinkSink} answers on any thread.
 */
@NullMarked
package io.longwire.room.uplink;

import org.jspecify.annotations.NullMarked;
