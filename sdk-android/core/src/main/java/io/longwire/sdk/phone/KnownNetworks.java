package io.longwire.sdk.phone;

import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.store.v1.NetworkState;
import io.longwire.sdk.store.v1.NetworksState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The networks this phone has been on, the last {@link #MAX} of them, in a file of at most 32 kB that is written no
 * more often than every 10 s. It is a cache: lost or broken it is learned again. Belongs to the loop.
 */
final class KnownNetworks {
    static final int MAX = 32;

    private static final long WRITE_MILLIS = 10_000;
    private static final int FILE_MAX_BYTES = 32 * 1024;
    /** What was learned of addresses and networks goes stale; the heartbeat's blocks end by themselves. */
    private static final long KEEP_MILLIS = 30 * 24 * 3_600_000L;
    private static final int KEY_CHARS = 64;

    private final Parts parts;
    private final Random random;
    private final Map<String, KnownNetwork> all = new LinkedHashMap<>(16, 0.75f, true); // the last used last
    private final TimerSlot write;
    private long writtenAt = -WRITE_MILLIS;

    KnownNetworks(Parts parts, Random random) {
        this.parts = parts;
        this.random = random;
        this.write = new TimerSlot(parts.loop);
        try {
            restore(parts.store.networks());
        } catch (IOException unreadable) {
            parts.storeProblem(unreadable);
        }
    }

    /** What is known of a network; begins to know it. */
    KnownNetwork of(Network network) {
        KnownNetwork known = all.get(network.key());
        if (known == null) {
            known = new KnownNetwork(network.key(), random);
            all.put(network.key(), known);
            if (all.size() > MAX) {
                Iterator<String> eldest = all.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
        known.used(parts.wallMillis());
        return known;
    }

    /** Something was learned: it is written soon. */
    void changed() {
        if (!write.isSet()) {
            write.set(Math.max(0, writtenAt + WRITE_MILLIS - parts.now()), this::save);
        }
    }

    /** Writes what waits to be written; the phone stops. */
    void close() {
        if (write.isSet()) {
            save();
        }
    }

    /** The operator of the rooms says that networks have changed. */
    void forgetBlocks() {
        for (KnownNetwork known : all.values()) {
            known.ladder().forgetBlocks();
        }
        changed();
    }

    private void save() {
        write.cancel();
        writtenAt = parts.now();
        List<NetworkState> newest = new ArrayList<>();
        for (KnownNetwork known : all.values()) {
            newest.add(0, known.save(parts.now(), parts.wallMillis()));
        }
        NetworksState.Builder state = NetworksState.newBuilder();
        int bytes = 0;
        for (NetworkState one : newest) {
            bytes += one.getSerializedSize() + 4;
            if (bytes > FILE_MAX_BYTES) {
                break;
            }
            state.addNetworks(one);
        }
        try {
            parts.store.keep(state.build());
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    private void restore(NetworksState state) {
        long wall = parts.wallMillis();
        for (int i = Math.min(MAX, state.getNetworksCount()) - 1; i >= 0; i--) {
            NetworkState one = state.getNetworks(i);
            boolean usable = !one.getKey().isEmpty() && one.getKey().length() <= KEY_CHARS;
            if (usable && wall - one.getUsedMs() < KEEP_MILLIS) {
                all.put(one.getKey(), KnownNetwork.restore(one, random, parts.now(), wall));
            }
        }
    }
}
