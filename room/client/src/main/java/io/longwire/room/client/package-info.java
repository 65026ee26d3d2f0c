/**
 * What center, saver and other rooms ask of a room: push, fetch, drop, probe, kick, ask. Read {@link
 * io.longwire.room.client.RoomClient} first. Thread-safe; the member view is written by the cluster's thread alone.
 */
@NullMarked
package io.longwire.room.client;

import org.jspecify.annotations.NullMarked;
