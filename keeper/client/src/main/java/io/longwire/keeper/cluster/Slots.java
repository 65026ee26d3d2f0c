package io.longwire.keeper.cluster;

/** The one notion of a slot: register owners, Redis hash tag and ledger shard all follow it. */
public final class Slots {
    public static final int COUNT = 4096;

    private Slots() {
    }

    public static int of(long endpointId) {
        return (int) (endpointId & (COUNT - 1));
    }

    /** The slot as the Redis hash tag: {@code {s0421}}. */
    public static String tag(int slot) {
        return "{s" + (char) ('0' + slot / 1000) + (char) ('0' + slot / 100 % 10) + (char) ('0' + slot / 10 % 10)
                + (char) ('0' + slot % 10) + "}";
    }
}
