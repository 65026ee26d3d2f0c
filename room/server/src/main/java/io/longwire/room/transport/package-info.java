/**
 * The channel transport: Netty sockets, TLS and PROXY in front of the room's logic. Read {@link
 * io.longwire.room.transport.ChannelLink} first. A channel belongs to its event loop; everything of Netty stays in
 * this package.
 */
@NullMarked
package io.longwire.room.transport;

import org.jspecify.annotations.NullMarked;
