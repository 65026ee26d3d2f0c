package io.longwire.room.fetch;

import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.saver.FetchItem;

/**
 * Tells the savers of sessions that stay: a phone may be connected for days without a fetch, and must not count as
 * away. Goes through the table once in 12 h, a few places a second, and tells of those that are bound for 3 h and more;
 * so a room that dies leaves nobody unseen for longer than 15 h. What is lost is told the next time. No state for a
 * session. Owner: the loop.
 */
public final class StillHere {
    private static final int ROUND_TICKS = 12 * 3600 * Loop.TICKS_PER_SECOND;
    private static final int SETTLED_SECONDS = 3 * 3600;
    private static final int MOST_AT_ONCE = 100;

    private final Loop loop;
    private final InboxSource savers;
    private double owed;
    private int cursor;

    public StillHere(Loop loop, InboxSource savers) {
        this.loop = loop;
        this.savers = savers;
    }

    /** For how long a session is on its connection; at least 1. */
    public static int onlineSeconds(Session session, int now) {
        return Math.max(1, (now - session.boundTick()) / Loop.TICKS_PER_SECOND);
    }

    /** Called every 50 ms. */
    public void onTick() {
        owed = Math.min(owed + (double) loop.table().placesUsed() / ROUND_TICKS, MOST_AT_ONCE);
        for (; owed >= 1; owed--) {
            cursor = cursor + 1 < loop.table().placesUsed() ? cursor + 1 : 0;
            Connection connection = loop.table().connectionAt(cursor);
            if (connection != null && connection.phase() == Connection.LIVE) {
                tell(connection);
            }
        }
    }

    private void tell(Connection connection) {
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            int online = onlineSeconds(session, loop.now());
            if (session.bound() && online >= SETTLED_SECONDS) {
                savers.fetch(FetchItem.newBuilder().setEndpointId(session.endpointId()).setOnlineS(online)
                        .setSeenOnly(true).build());
            }
        }
    }
}
