/**
 * One loop's whole logic put together, and the way from any thread to the loop that has a session. Read {@link
 * io.longwire.room.phone.PhoneLoop} first, then {@link io.longwire.room.phone.RoomLoops}. A PhoneLoop belongs to its
 * loop, RoomLoops to everybody.
 */
@NullMarked
package io.longwire.room.phone;

import org.jspecify.annotations.NullMarked;
