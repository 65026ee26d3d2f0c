package io.longwire.sdk.phone;

import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.policy.AckBatcher;
import io.longwire.sdk.store.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries what the apps report of their messages (shown, clicked) to the room. A report stays in its app's log until a
 * room has answered a ping sent behind it; so it may be told twice, and is not lost with a connection or a process. At
 * most {@link #BATCH} are on their way at a time. Belongs to the loop.
 */
final class Reports {
    /** As many as a room takes of messages that are not in its window. */
    static final int BATCH = 32;

    private final Collection<App> apps;
    private final Parts parts;
    private final List<Sent> sent = new ArrayList<>();
    private @Nullable Connection by;
    private int ping; // behind the last of these

    private static final class Sent {
        private final App app;
        private final Report report;

        Sent(App app, Report report) {
            this.app = app;
            this.report = report;
        }
    }

    Reports(Collection<App> apps, Parts parts) {
        this.apps = apps;
        this.parts = parts;
    }

    /** Sends what waits, unless an earlier batch is on its way by this connection. */
    void pump(Connection connection) {
        if (connection == by && !sent.isEmpty()) {
            return;
        }
        sent.clear();
        by = connection;
        for (App app : apps) {
            if (app.bound) {
                for (Report one : app.store().messages().reports(BATCH - sent.size())) {
                    sent.add(new Sent(app, one));
                    ping = connection
                            .report(new AckBatcher.Answer(app.endpointId(), one.messageId(), 0, one.broadcast(),
                                    one.status()));
                }
            }
        }
    }

    /** The room has what was sent by this connection, up to some ping. */
    void onReported(Connection connection) {
        if (connection != by || (!sent.isEmpty() && !connection.isReported(ping))) {
            return;
        }
        for (Sent one : sent) {
            try {
                if (apps.contains(one.app)) {
                    one.app.store().messages().sent(one.report);
                }
            } catch (IOException full) {
                parts.storeProblem(full);
            }
        }
        sent.clear();
        pump(connection);
    }

    /** The connection is over; what it carried goes again by the next. */
    void onClosed(Connection connection) {
        if (connection == by) {
            sent.clear();
            by = null;
        }
    }
}
