package io.longwire.keeper.cluster;

import io.longwire.rpc.cluster.Stamp;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Who else runs, who owns which slot, and whether this process may still speak for itself.
 *
 * <p>Snapshots are immutable and read without locks. Listeners run on the cluster's own thread, once at registration
 * with what is known, then after each change; they hand over anything that takes time.
 *
 * <p>Without ZooKeeper (DESIGN, section 8): a process that has not heard ZooKeeper for 2/3 of its session serves on
 * only
 * while no peer heard in the last 5 s has fresh contact; otherwise it is {@link #fenced}.
 */
public interface Cluster {
    /** This process; its index changes when an expired session is replaced (a new incarnation). */
    Member self();

    /** The live members of a part; the last known ones while ZooKeeper is away. */
    Members members(String part);

    Subscription onMembers(String part, Consumer<Members> listener);

    /** The register's slot map; {@link SlotMap#NONE} before the first one is known. */
    SlotMap registerMap();

    Subscription onRegisterMap(Consumer<SlotMap> listener);

    /** The shard of the ledger that holds a slot. */
    int shardOf(int slot);

    /** Completes when a map of at least this epoch is known, or exceptionally after 2 s. */
    CompletableFuture<SlotMap> atLeast(long epoch);

    /** What to put on a batch that goes out now. */
    Stamp stamp();

    /** What came with a batch or its answer: a newer epoch is loaded, a peer's fresh contact is remembered. */
    void heard(Stamp stamp);

    /** Cut off from ZooKeeper while others are not: refuse what DESIGN section 8 says. A volatile read. */
    boolean fenced();

    /** Called with true when the process becomes fenced, with false when it is back. */
    Subscription onFence(Consumer<Boolean> listener);

    /** Called after an expired session was replaced: index and incarnation of {@link #self} are new. */
    Subscription onReincarnation(Consumer<Member> listener);

    /**
     * Publishes load figures and addresses of this process; merged into its attributes, written at most once a
     * second.
     */
    void publish(Map<String, String> attributes);

    /** Marks this process as draining: others stop choosing it for anything new. */
    void drain();

    /** Ends a subscription; late or repeated calls do nothing. */
    interface Subscription {
        void cancel();
    }
}
