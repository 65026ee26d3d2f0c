package io.longwire.keeper.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to be told of one thing. Told on the cluster's thread; one that fails does not keep the others from it. */
final class Listeners<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final List<Entry<T>> entries = new CopyOnWriteArrayList<>();

    private record Entry<T>(Consumer<? super T> listener, Object identity) {
    }

    Cluster.Subscription add(Consumer<? super T> listener) {
        var entry = new Entry<T>(listener, new Object());
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    void tell(T news) {
        for (Entry<T> entry : entries) {
            tell(entry.listener(), news);
        }
    }

    static <T> void tell(Consumer<? super T> listener, T news) {
        try {
            listener.accept(news);
        } catch (RuntimeException bug) {
            LOG.error("a listener of the cluster failed", bug);
        }
    }
}
