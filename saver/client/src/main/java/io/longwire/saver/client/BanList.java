package io.longwire.saver.client;

import io.longwire.rpc.saver.Ban;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All bans in memory, about 200 bytes each; a login costs one look into a map, an accept one for each length of prefix
 * that is banned. A page of changes costs one copy of the networks, if it has any. One thread at a time changes it, any
 * reads.
 */
final class BanList {
    private static final Ban[] NONE = {};
    private static final int SIZE = 1_000;

    private final ConcurrentHashMap<Long, Ban[]> endpoints = new ConcurrentHashMap<>(); // mostly one each
    private volatile Networks networks = new Networks(Map.of(), Map.of());

    /**
     * Never changed once it is seen.
     *
     * @param sizes how many prefixes there are of each size, which is address bytes * {@value #SIZE} + bits
     */
    private record Networks(Map<Network, Ban> bans, Map<Integer, Integer> sizes) {
        Networks copy() {
            return new Networks(new HashMap<>(bans), new HashMap<>(sizes));
        }

        void put(Network block, Ban ban) {
            if (bans.put(block, ban) == null) {
                sizes.merge(size(block), 1, Integer::sum);
            }
        }

        void remove(Network block) {
            if (bans.remove(block) != null) {
                sizes.computeIfPresent(size(block), (size, many) -> many == 1 ? null : many - 1);
            }
        }

        private static int size(Network block) {
            return block.addressBytes() * SIZE + block.bits();
        }
    }

    /** Takes over a page of changes, in their order. */
    void apply(List<Ban> changes) {
        Networks changed = null;
        for (Ban ban : changes) {
            switch (ban.getKind()) {
                case ENDPOINT -> endpoints.compute(ban.getEndpointId(), (endpoint, before) -> with(before, ban));
                case NETWORK -> {
                    changed = changed == null ? networks.copy() : changed;
                    network(changed, ban);
                }
                case ALIAS, NONE, UNRECOGNIZED -> { // who has it is banned by name; the saver refuses who binds it
                }
            }
        }
        if (changed != null) {
            networks = changed;
        }
    }

    private static Ban @Nullable [] with(Ban @Nullable [] before, Ban ban) {
        Ban[] old = before == null ? NONE : before;
        int kept = 0;
        Ban[] after = new Ban[old.length + 1];
        for (Ban one : old) {
            if (one.getBanId() != ban.getBanId()) {
                after[kept++] = one;
            }
        }
        if (!ban.getLifted()) {
            after[kept++] = ban;
        }
        return kept == 0 ? null : Arrays.copyOf(after, kept);
    }

    private static void network(Networks into, Ban ban) {
        Network block = Network.parse(ban.getSubject());
        if (block == null) {
            return; // of a later version
        }
        if (ban.getLifted()) {
            into.remove(block);
        } else {
            into.put(block, ban);
        }
    }

    /** Forgets those that are over. */
    void clean(long now) {
        endpoints.values().removeIf(bans -> {
            for (Ban ban : bans) {
                if (left(ban, now) > 0) {
                    return false;
                }
            }
            return true;
        });
        Networks changed = null;
        for (Map.Entry<Network, Ban> network : networks.bans.entrySet()) {
            if (left(network.getValue(), now) <= 0) {
                changed = changed == null ? networks.copy() : changed;
                changed.remove(network.getKey());
            }
        }
        if (changed != null) {
            networks = changed;
        }
    }

    /** The one of the endpoint that lasts longest; null = it is not banned. */
    @Nullable
    Ban endpoint(long endpointId, long now) {
        Ban[] bans = endpoints.get(endpointId);
        Ban longest = null;
        long most = 0;
        for (int i = 0; bans != null && i < bans.length; i++) {
            long left = left(bans[i], now);
            if (left > most) {
                most = left;
                longest = bans[i];
            }
        }
        return longest;
    }

    boolean network(byte[] address, long now) {
        Networks all = networks;
        for (int size : all.sizes.keySet()) {
            if (size / SIZE == address.length) {
                Ban ban = all.bans.get(Network.around(address, size % SIZE));
                if (ban != null && left(ban, now) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    int size() {
        return endpoints.size() + networks.bans.size();
    }

    /** Milliseconds; 0 or less = it is over. */
    static long left(Ban ban, long now) {
        return ban.getLifted() ? 0 : ban.getUntilMs() == 0 ? Long.MAX_VALUE : ban.getUntilMs() - now;
    }
}
