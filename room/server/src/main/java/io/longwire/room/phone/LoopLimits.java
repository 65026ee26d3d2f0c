package io.longwire.room.phone;

import io.longwire.room.uplink.UplinkLimits;

/**
 * The bounds of one loop.
 *
 * @param parked connections kept for a resume
 * @param ends acks kept until a saver confirms them
 * @param fetchRetriesPerSecond fetches after failures and mass events
 * @param framesPerSecond of one connection, in steps of a second
 */
public record LoopLimits(int parked, int ends, int fetchRetriesPerSecond, int framesPerSecond,
        UplinkLimits uplinks) {
}
