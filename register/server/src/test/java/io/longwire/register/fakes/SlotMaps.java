package io.longwire.register.fakes;

import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import java.util.List;
import java.util.function.IntPredicate;

/** Maps as a test says. */
public final class SlotMaps {
    private SlotMaps() {
    }

    /** A map in which the register of this process, the first one, owns these slots and "other" the rest. */
    public static SlotMap of(long epoch, IntPredicate mine) {
        short[] owners = new short[Slots.COUNT * 2];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            owners[slot * 2] = 2;
            owners[slot * 2 + 1] = (short) (mine.test(slot) ? 1 : 0);
        }
        return new SlotMap(epoch, List.of(new SlotMap.Owner("register-1", "register-1:1", "local"),
                new SlotMap.Owner("other", "other:1", "local")), owners);
    }
}
