package io.longwire.keeper.cluster;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which two registers own each slot, as keeper published it. Immutable; lookups allocate nothing.
 */
public final class SlotMap {
    /** No map yet: nobody owns anything. */
    public static final SlotMap NONE = new SlotMap(0, List.of(), new short[Slots.COUNT * 2]);

    /** One owner in a map. */
    public record Owner(String instance, String rpcAddress, String idc) {
    }

    private final long epoch;
    private final List<Owner> members;
    private final short[] owners;

    /** @param owners 4096 pairs of 1-based indexes into members; 0 = none */
    public SlotMap(long epoch, List<Owner> members, short[] owners) {
        this.epoch = epoch;
        this.members = List.copyOf(members);
        this.owners = owners.clone();
    }

    public long epoch() {
        return epoch;
    }

    public List<Owner> members() {
        return members;
    }

    /** The first (rank 0) or second (rank 1) owner; null if there is none. */
    public @Nullable Owner owner(int slot, int rank) {
        int index = owners[slot * 2 + rank] & 0xffff;
        return index == 0 ? null : members.get(index - 1);
    }

    public boolean owns(String instance, int slot) {
        Owner first = owner(slot, 0);
        Owner second = owner(slot, 1);
        return (first != null && first.instance().equals(instance))
                || (second != null && second.instance().equals(instance));
    }
}
