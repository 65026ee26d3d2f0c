package io.longwire.keeper.cluster;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCacheStorage;

/**
 * Tells of every change of a cached tree. The cache's own listeners (Curator 5.9) compare data versions alone: a node
 * that was deleted and made again while this process was away begins with the version of the one before, and they say
 * nothing of it. Thread-safe.
 */
final class TellingStorage implements CuratorCacheStorage {
    private final CuratorCacheStorage nodes = CuratorCacheStorage.standard();
    private final Runnable changed;

    /** @param changed on Curator's thread, after each change */
    TellingStorage(Runnable changed) {
        this.changed = changed;
    }

    @Override
    public Optional<ChildData> put(ChildData data) {
        Optional<ChildData> before = nodes.put(data);
        if (before.isEmpty() || before.get().getStat().getMzxid() != data.getStat().getMzxid()) {
            changed.run();
        }
        return before;
    }

    @Override
    public Optional<ChildData> remove(String path) {
        Optional<ChildData> before = nodes.remove(path);
        if (before.isPresent()) {
            changed.run();
        }
        return before;
    }

    @Override
    public void clear() {
        nodes.clear();
    }

    @Override
    public Optional<ChildData> get(String path) {
        return nodes.get(path);
    }

    @Override
    public int size() {
        return nodes.size();
    }

    @Override
    public Stream<ChildData> stream() {
        return nodes.stream();
    }
}
