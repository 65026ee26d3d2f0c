package io.longwire.register.client;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.Rpc;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Asks the register where an endpoint is. Questions to one owner are batched by themselves. Every future completes
 * normally, within 200 ms for each owner asked; what nobody could answer is {@link Lookup#UNKNOWN}, never a guess.
 * Thread-safe; nothing blocks; futures complete on rpc threads, so hand over anything that takes time.
 *
 * <p>The law (DESIGN, section 2): whoever makes a message visible to fetch looks up <em>afterwards</em>.
 */
public final class RegisterClient implements AutoCloseable {
    private final Rpc rpc;
    private final Cluster cluster;
    private final Clock clock;
    private final LookupMethod method;
    private final Map<String, LookupTarget> targets = new ConcurrentHashMap<>();
    private final Metrics.Counter online;
    private final Metrics.Counter offline;
    private final Metrics.Counter unknown;
    private final Metrics.Counter failures;
    private final Cluster.Subscription maps;
    private volatile boolean closed;

    public RegisterClient(Rpc rpc, Cluster cluster, Clock clock, Metrics metrics) {
        this.rpc = rpc;
        this.cluster = cluster;
        this.clock = clock;
        this.method = new LookupMethod(cluster);
        this.online = metrics.counter(RegisterClientMetric.LOOKUPS, "result", "online");
        this.offline = metrics.counter(RegisterClientMetric.LOOKUPS, "result", "offline");
        this.unknown = metrics.counter(RegisterClientMetric.LOOKUPS, "result", "unknown");
        this.failures = metrics.counter(RegisterClientMetric.LOOKUP_FAILURES);
        this.maps = cluster.onRegisterMap(this::forgetOthers);
    }

    /** Asks one owner, the one in our own IDC first; UNKNOWN or no answer, asks the other. */
    public CompletableFuture<Lookup> lookup(long endpointId) {
        SlotMap map = cluster.registerMap();
        int slot = Slots.of(endpointId);
        SlotMap.Owner first = map.owner(slot, 0);
        SlotMap.Owner second = map.owner(slot, 1);
        if (second != null && (first == null || prefers(second, first))) {
            SlotMap.Owner swapped = first;
            first = second;
            second = swapped;
        }
        SlotMap.Owner other = second;
        return counted(ask(first, endpointId).thenCompose(answer -> answer instanceof Lookup.Unknown && other != null
                ? ask(other, endpointId)
                : CompletableFuture.completedFuture(answer)));
    }

    /**
     * Asks all owners in the map, for who wants to act on an absence. ONLINE if one has a session (the newest one),
     * OFFLINE only if all of them said so (by flush only if each is complete by flush), else UNKNOWN.
     */
    public CompletableFuture<Lookup> lookupAll(long endpointId) {
        SlotMap map = cluster.registerMap();
        int slot = Slots.of(endpointId);
        SlotMap.Owner first = map.owner(slot, 0);
        SlotMap.Owner second = map.owner(slot, 1);
        if (first == null || second == null) {
            return counted(ask(first == null ? second : first, endpointId));
        }
        return counted(ask(first, endpointId).thenCombine(ask(second, endpointId), RegisterClient::both));
    }

    /**
     * The room of this session answered NOT_HERE: asks the other owner. UNKNOWN if that one names the same session
     * (the room is removing it at both).
     */
    public CompletableFuture<Lookup> askOther(Lookup.Online stale) {
        SlotMap map = cluster.registerMap();
        long endpointId = stale.session().endpointId();
        int slot = Slots.of(endpointId);
        SlotMap.Owner other = map.owner(slot, 0);
        if (other == null || other.instance().equals(stale.owner())) {
            other = map.owner(slot, 1);
        }
        if (other == null || other.instance().equals(stale.owner())) {
            return counted(CompletableFuture.completedFuture(Lookup.UNKNOWN));
        }
        return counted(ask(other, endpointId).thenApply(answer -> names(answer, stale.session())
                ? Lookup.UNKNOWN
                : answer));
    }

    /** What is pending completes with UNKNOWN. */
    @Override
    public void close() {
        closed = true;
        maps.cancel();
        targets.values().forEach(LookupTarget::close);
        targets.clear();
    }

    private CompletableFuture<Lookup> ask(SlotMap.@Nullable Owner owner, long endpointId) {
        if (owner == null || closed) {
            return CompletableFuture.completedFuture(Lookup.UNKNOWN);
        }
        LookupTarget known = targets.get(owner.instance());
        return (known != null ? known : targets.computeIfAbsent(owner.instance(), name -> target(owner)))
                .ask(endpointId);
    }

    private LookupTarget target(SlotMap.Owner owner) {
        return new LookupTarget(owner, rpc.stream(owner.rpcAddress(), method), new Breaker(clock),
                failures::increment);
    }

    private boolean prefers(SlotMap.Owner one, SlotMap.Owner other) {
        String own = cluster.self().idc();
        return one.idc().equals(own) && !other.idc().equals(own);
    }

    // A caller that still holds the older map may open a stream again; the next map closes it.
    private void forgetOthers(SlotMap map) {
        targets.keySet().forEach(instance -> {
            if (map.members().stream().noneMatch(owner -> owner.instance().equals(instance))) {
                LookupTarget gone = targets.remove(instance);
                if (gone != null) {
                    gone.close();
                }
            }
        });
    }

    private CompletableFuture<Lookup> counted(CompletableFuture<Lookup> answer) {
        return answer.thenApply(lookup -> {
            switch (lookup) {
                case Lookup.Online found -> online.increment();
                case Lookup.Offline absent -> offline.increment();
                case Lookup.Unknown nobody -> unknown.increment();
            }
            return lookup;
        });
    }

    private static boolean names(Lookup answer, Session session) {
        return answer instanceof Lookup.Online(Session found, String by) && found.connSeq() == session.connSeq()
                && found.roomIncarnation() == session.roomIncarnation() && found.handle() == session.handle();
    }

    private static Lookup both(Lookup first, Lookup second) {
        if (first instanceof Lookup.Online one && second instanceof Lookup.Online two) {
            return two.session().connSeq() > one.session().connSeq() ? two : one;
        }
        if (first instanceof Lookup.Online || second instanceof Lookup.Online) {
            return first instanceof Lookup.Online ? first : second;
        }
        if (first instanceof Lookup.Offline one && second instanceof Lookup.Offline two) {
            return new Lookup.Offline(one.completeByFlush() && two.completeByFlush());
        }
        return Lookup.UNKNOWN;
    }
}
