package io.longwire.saver.client;

import io.longwire.rpc.saver.Ban;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All bans in memory, about 200 bytes each; a login costs one look into a map, an accept one for each length of prefix
 * that is banned. One thread at a time changes it, any reads.
 */
final class BanList {
    private static final Ban[] NONE = {};
    private static final int SIZE = 1_000;

    private final ConcurrentHashMap<Long, Ban[]> endpoints = new ConcurrentHashMap<>(); // mostly one each
    private volatile Networks networks = new Networks(Map.of(), Set.of());

    /** @param sizes address bytes * {@value #SIZE} + bits, of all prefixes there are */
    private record Networks(Map<Network, Ban> bans, Set<Integer> sizes) {
    }

    /** Takes over one change. */
    void apply(Ban ban) {
        switch (ban.getKind()) {
            case ENDPOINT -> endpoints.compute(ban.getEndpointId(), (endpoint, before) -> with(before, ban));
            case NETWORK -> network(ban);
            case ALIAS, NONE, UNRECOGNIZED -> { // who has it is banned by name, who binds it is refused by the saver
            }
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

    private void network(Ban ban) {
        Network block = Network.parse(ban.getSubject());
        if (block == null) {
            return; // of a later version
        }
        var bans = new HashMap<>(networks.bans);
        if (ban.getLifted()) {
            bans.remove(block);
        } else {
            bans.put(block, ban);
        }
        networks(bans);
    }

    private void networks(Map<Network, Ban> bans) {
        var sizes = new TreeSet<Integer>();
        bans.keySet().forEach(block -> sizes.add(block.addressBytes() * SIZE + block.bits()));
        networks = new Networks(Map.copyOf(bans), Set.copyOf(sizes));
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
        if (networks.bans.values().stream().anyMatch(ban -> left(ban, now) <= 0)) {
            var bans = new HashMap<>(networks.bans);
            bans.values().removeIf(ban -> left(ban, now) <= 0);
            networks(bans);
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
        for (int size : all.sizes) {
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
