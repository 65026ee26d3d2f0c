package io.longwire.coordinator.client;

import io.longwire.keeper.cluster.Slots;

/** Which of the 64 partitions an endpoint's events are in; order is promised within one. */
public final class Partitions {
    public static final int COUNT = 64;

    private static final int SLOT_BITS = Integer.numberOfTrailingZeros(Slots.COUNT / COUNT);

    private Partitions() {
    }

    public static int of(long endpointId) {
        return Slots.of(endpointId) >>> SLOT_BITS;
    }
}
