package io.longwire.keeper.profile;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.longwire.rpc.process.Collector;
import io.longwire.rpc.process.Pause;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the newest 64 collections of each collector. Told by the JVM's own service thread; thread-safe. What is
 * told is in whole milliseconds, and for a concurrent collector it is its time, not a pause.
 */
final class GcWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GcWatch.class);
    private static final int KEPT = 64;

    private final List<Watched> collectors = new ArrayList<>();

    GcWatch() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            var watched = new Watched(bean, started);
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
        private final ArrayDeque<Pause> recent = new ArrayDeque<>(); // guarded by this

        Watched(GarbageCollectorMXBean bean, long startedMillis) {
            this.bean = bean;
            this.startedMillis = startedMillis;
        }

        @Override
        public synchronized void handleNotification(Notification notification, Object handback) {
            if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
                var told = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
                if (recent.size() == KEPT) {
                    recent.removeFirst();
                }
                recent.addLast(Pause.newBuilder().setAtMs(startedMillis + told.getGcInfo().getStartTime())
                        .setMillis((double) told.getGcInfo().getDuration()).setCause(told.getGcCause()).build());
            }
        }

        synchronized Collector told() {
            return Collector.newBuilder().setName(bean.getName()).setCollections(Math.max(0, bean.getCollectionCount()))
                    .setTotalMs(Math.max(0, bean.getCollectionTime())).addAllRecent(recent).build();
        }
    }
}
