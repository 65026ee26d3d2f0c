package io.longwire.keeper.profile;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Timer;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.process.Collector;
import io.longwire.rpc.process.Pause;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the newest 64 collections of each collector, and counts them all. Told by the JVM's own service thread;
 * thread-safe. What is told is in whole milliseconds, and for a concurrent collector it is its time, not a pause.
 */
final class GcWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GcWatch.class);
    private static final int KEPT = 64;
    private static final Pattern CONCURRENT = Pattern.compile("Concurrent|Cycles"); // G1's, ZGC's: no pauses

    private final List<Watched> collectors = new ArrayList<>();

    GcWatch(Metrics metrics) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            var watched = new Watched(bean, started, metrics);
            if (bean instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(watched, null, null);
            }
            collectors.add(watched);
        }
    }

    List<Collector> collectors() {
        return collectors.stream().map(Watched::told).toList();
    }

    @Override
    public void close() {
        for (Watched watched : collectors) {
            if (watched.bean instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(watched);
                } catch (JMException notThere) {
                    LOG.debug("not listening", notThere);
                }
            }
        }
    }

    private static final class Watched implements NotificationListener {
        private final GarbageCollectorMXBean bean;
        private final long startedMillis;
        private final Metrics.Counter collections;
        private final Metrics.Counter millis;
        private final @Nullable Timer pauses;
        private final ArrayDeque<Pause> recent = new ArrayDeque<>(); // guarded by this

        Watched(GarbageCollectorMXBean bean, long startedMillis, Metrics metrics) {
            this.bean = bean;
            this.startedMillis = startedMillis;
            this.collections = metrics.counter(RuntimeMetric.GC_COLLECTIONS, "collector", bean.getName());
            this.millis = metrics.counter(RuntimeMetric.GC_MILLIS, "collector", bean.getName());
            Timer all = metrics.timer(RuntimeMetric.GC_PAUSE_TIME);
            this.pauses = CONCURRENT.matcher(bean.getName()).find() ? null : all;
        }

        @Override
        public synchronized void handleNotification(Notification notification, Object handback) {
            if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
                var told = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
                if (recent.size() == KEPT) {
                    recent.removeFirst();
                }
                long taken = told.getGcInfo().getDuration();
                collections.increment();
                millis.add(taken);
                if (pauses != null) {
                    pauses.record(Duration.ofMillis(taken));
                }
                recent.addLast(Pause.newBuilder().setAtMs(startedMillis + told.getGcInfo().getStartTime())
                        .setMillis((double) taken).setCause(told.getGcCause()).build());
            }
        }

        synchronized Collector told() {
            return Collector.newBuilder().setName(bean.getName()).setCollections(Math.max(0, bean.getCollectionCount()))
                    .setTotalMs(Math.max(0, bean.getCollectionTime())).addAllRecent(recent).build();
        }
    }
}
