package io.longwire.room.resume;

import io.longwire.room.session.Session;
import java.util.List;

/**
 * What is left of a dropped connection: ids and counters.
 *
 * @param home the handle the register has for these sessions
 * @param secret of the resume token
 * @param network that the phone was on
 */
public record Parked(long home, long secret, String network, List<Session> sessions) {
    public Parked {
        sessions = List.copyOf(sessions);
    }
}
