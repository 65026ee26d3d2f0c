package io.longwire.register.client;

import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Where a room writes each slot, by one slot map and one incarnation of the room. Immutable. */
final class SessionRoutes {
    private final SlotMap map;
    private final int incarnation;
    private final Map<String, SessionOwner> owners;
    private final List<SessionOwner> all;
    private final @Nullable SessionOwner[] bySlot;

    private SessionRoutes(SlotMap map, int incarnation, Map<String, SessionOwner> owners) {
        this.map = map;
        this.incarnation = incarnation;
        this.owners = Map.copyOf(owners);
        this.all = List.copyOf(owners.values());
        this.bySlot = new SessionOwner[Slots.COUNT * 2];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            for (int rank = 0; rank < 2; rank++) {
                SlotMap.Owner owner = map.owner(slot, rank);
                bySlot[slot * 2 + rank] = owner == null ? null : owners.get(owner.instance());
            }
        }
    }

    static SessionRoutes none(int incarnation) {
        return new SessionRoutes(SlotMap.NONE, incarnation, Map.of());
    }

    static SessionRoutes of(SlotMap map, int incarnation, Map<String, SessionOwner> owners) {
        return new SessionRoutes(map, incarnation, owners);
    }

    SlotMap map() {
        return map;
    }

    int incarnation() {
        return incarnation;
    }

    List<SessionOwner> owners() {
        return all;
    }

    @Nullable
    SessionOwner owner(int slot, int rank) {
        return bySlot[slot * 2 + rank];
    }

    @Nullable
    SessionOwner named(String instance) {
        return owners.get(instance);
    }

    boolean owns(SessionOwner owner, int slot) {
        return bySlot[slot * 2] == owner || bySlot[slot * 2 + 1] == owner;
    }
}
