package io.longwire.room.phone;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.room.broadcast.BroadcastParts;
import io.longwire.room.end.EndSink;
import io.longwire.room.fetch.InboxSource;
import io.longwire.room.login.Alternates;
import io.longwire.room.login.Logins;
import io.longwire.room.login.SessionPeers;
import io.longwire.room.profile.ProfileStore;
import io.longwire.room.uplink.UplinkSink;

/**
 * What every loop of a room is made of: the parts behind it as roles, and what is the same on all loops.
 *
 * @param limits shares of one loop
 */
public record LoopParts(Logins.Desk desk, InboxSource inbox, EndSink ends, ProfileStore profiles,
        UplinkSink uplinks, SessionPeers peers, Alternates alternates, BroadcastParts broadcasts, LoopLimits limits,
        Metrics metrics,
        HaltPoints halts) {
}
