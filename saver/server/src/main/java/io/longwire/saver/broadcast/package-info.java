/**
 * Broadcasts as rows of the first shard: what is sent, whose walks are leased to whom, who acked. Centers drive it,
 * rooms walk; nothing is sent from here. Read {@link io.longwire.saver.broadcast.Broadcasts} first, then {@link
 * io.longwire.saver.broadcast.Walks}. Statements block cold-call threads.
 */
@NullMarked
package io.longwire.saver.broadcast;

import org.jspecify.annotations.NullMarked;
