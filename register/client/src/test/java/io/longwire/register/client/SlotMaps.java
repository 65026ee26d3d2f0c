package io.longwire.register.client;

import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import java.util.ArrayList;
import java.util.List;

/** Maps as a test says. */
final class SlotMaps {
    /** Slots that have owners. */
    static final int OWNED = 128;

    private SlotMaps() {
    }

    /** The first slots are owned by these two, the rest by nobody; an empty name is nobody. */
    static SlotMap of(long epoch, String first, String second) {
        var members = new ArrayList<SlotMap.Owner>();
        short one = member(members, first);
        short two = member(members, second);
        short[] owners = new short[Slots.COUNT * 2];
        for (int slot = 0; slot < OWNED; slot++) {
            owners[slot * 2] = one;
            owners[slot * 2 + 1] = two;
        }
        return new SlotMap(epoch, members, owners);
    }

    private static short member(List<SlotMap.Owner> members, String name) {
        if (name.isEmpty()) {
            return 0;
        }
        // "b@far" is b in the IDC far
        int at = name.indexOf('@');
        String instance = at < 0 ? name : name.substring(0, at);
        members.add(new SlotMap.Owner(instance, instance + ":1", at < 0 ? "local" : name.substring(at + 1)));
        return (short) members.size();
    }
}
