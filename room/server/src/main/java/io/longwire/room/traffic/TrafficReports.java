package io.longwire.room.traffic;

import io.longwire.device.v1.AppTraffic;
import io.longwire.device.v1.Telemetry;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Session;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums by app what phones say their apps have had of their connections. A phone's word, once an hour and sometimes
 * twice: good for shares and trends, not for bills. It is heard for endpoints that are bound on its connection, and no
 * number of it counts for more than {@link #BYTES_MAX}. Each loop gives {@link #APPS_MAX} apps a line of their own, the
 * others share the one of app {@code other}. Owner: the loop.
 */
public final class TrafficReports {
    static final long BYTES_MAX = 1L << 30; // more than a phone gets in an hour
    static final int APPS_MAX = 200;
    private static final int ENTRIES_MAX = 32;

    private final Metrics metrics;
    private final Map<Integer, Counters> apps = new HashMap<>();
    private final Counters other;

    /** Of one app. */
    private record Counters(Counter framesIn, Counter bytesIn, Counter framesOut, Counter bytesOut) {
        static Counters of(Metrics metrics, String app) {
            return new Counters(metrics.counter(RoomMetric.APP_FRAMES_DOWN, "app", app),
                    metrics.counter(RoomMetric.APP_BYTES_DOWN, "app", app),
                    metrics.counter(RoomMetric.APP_FRAMES_UP, "app", app),
                    metrics.counter(RoomMetric.APP_BYTES_UP, "app", app));
        }

        void add(AppTraffic told) {
            framesIn.add(bounded(told.getFramesIn()));
            bytesIn.add(bounded(told.getBytesIn()));
            framesOut.add(bounded(told.getFramesOut()));
            bytesOut.add(bounded(told.getBytesOut()));
        }

        private static long bounded(long told) {
            return told < 0 ? BYTES_MAX : Math.min(told, BYTES_MAX); // unsigned
        }
    }

    public TrafficReports(Metrics metrics) {
        this.metrics = metrics;
        this.other = Counters.of(metrics, "other");
    }

    /** A report of this connection; what it says beyond 32 endpoints is passed over. */
    public void onTelemetry(Connection connection, Telemetry report) {
        int entries = Math.min(ENTRIES_MAX, report.getAppsCount());
        for (int i = 0; i < entries; i++) {
            AppTraffic told = report.getApps(i);
            Session session = connection.find(told.getEndpointId());
            if (session != null) {
                of(session.appId()).add(told);
            }
        }
    }

    private Counters of(int appId) {
        Counters known = apps.get(appId);
        if (known != null || apps.size() >= APPS_MAX) {
            return known == null ? other : known;
        }
        Counters made = Counters.of(metrics, Integer.toUnsignedString(appId));
        apps.put(appId, made);
        return made;
    }
}
