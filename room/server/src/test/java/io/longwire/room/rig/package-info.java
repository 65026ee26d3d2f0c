/** A room's logic on a virtual clock, with hand-made phones, register and saver. Read RoomRig first. */
@NullMarked
package io.longwire.room.rig;

import org.jspecify.annotations.NullMarked;
