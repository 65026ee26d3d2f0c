package io.longwire.sdk.phone;

import io.longwire.device.v1.AppTraffic;
import io.longwire.device.v1.Telemetry;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.policy.Traffic;
import io.longwire.sdk.share.Guests;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Tells the room what each app had of this phone's connection, its guests included: at most once an hour, and when a
 * ping was just answered, so that the radio is awake anyway. What the next answer does not follow is told once more.
 * Belongs to the loop.
 */
final class TrafficReports {
    static final long EVERY_MILLIS = 3_600_000;
    /** Of one report: a kilobyte. */
    static final int APPS_MAX = 32;

    private final Collection<App> apps;
    private final Guests guests;
    private final Parts parts;
    private long reportedAt;
    private @Nullable Connection by; // a report went by it, and no ping behind it was answered yet

    TrafficReports(Collection<App> apps, Guests guests, Parts parts) {
        this.apps = apps;
        this.guests = guests;
        this.parts = parts;
        reportedAt = parts.now();
    }

    /** A ping on the phone's own connection was answered. */
    void onAlive(Connection connection) {
        if (connection == by) {
            parts.traffic.arrived();
        }
        by = null;
        if (parts.now() - reportedAt < EVERY_MILLIS) {
            return;
        }
        Telemetry report = report();
        if (report.getAppsCount() > 0) {
            reportedAt = parts.now();
            by = connection;
            connection.telemetry(report);
        }
    }

    private Telemetry report() {
        Telemetry.Builder report = Telemetry.newBuilder();
        for (App app : apps) {
            if (app.bound) {
                add(report, app.appId(), app.endpointId());
            }
        }
        guests.forEach((appId, endpointId) -> add(report, appId, endpointId));
        return report.build();
    }

    private void add(Telemetry.Builder report, int appId, long endpointId) {
        if (report.getAppsCount() >= APPS_MAX) {
            return;
        }
        Traffic.Visitor line = (app, framesIn, bytesIn, framesOut, bytesOut) -> report.addApps(
                AppTraffic.newBuilder().setEndpointId(endpointId).setFramesIn(framesIn).setBytesIn(bytesIn)
                        .setFramesOut(framesOut).setBytesOut(bytesOut));
        parts.traffic.news(appId, line);
    }
}
