package io.longwire.saver.due;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.Slots;
import java.util.BitSet;
import java.util.Optional;

/**
 * The slots this saver works: due sets and repairs. None while the process is fenced. During a change two savers may
 * both work a slot, so all work under it is idempotent. Thread-safe.
 */
public final class WorkedSlots implements AutoCloseable {
    private static final String PART = "saver";

    private final Cluster cluster;
    private final Cluster.Subscription subscription;
    private volatile BitSet mine = new BitSet(); // never changed once published

    public WorkedSlots(Cluster cluster) {
        this.cluster = cluster;
        this.subscription = cluster.onMembers(PART, this::take);
    }

    private void take(Members members) {
        var slots = new BitSet(Slots.COUNT);
        String self = cluster.self().instance();
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            Optional<Member> owner = members.ownerOf(slot);
            if (owner.isPresent() && owner.get().instance().equals(self)) {
                slots.set(slot);
            }
        }
        mine = slots;
    }

    /** This saver works the slot now. */
    public boolean has(int slot) {
        return !cluster.fenced() && mine.get(slot);
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}
