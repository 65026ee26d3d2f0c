package io.longwire.room.client.audience;

import io.longwire.keeper.cluster.Rendezvous;

/** A stable place of an endpoint among all, in steps of a hundredth of a per cent. */
public final class Share {
    /** All of them. */
    public static final int WHOLE = 10_000;

    private Share() {
    }

    /** 0 to 9,999, for ever the same for an endpoint and a salt: whoever is in a share is in every larger one. */
    public static int of(long endpointId, long salt) {
        return (int) Long.remainderUnsigned(Rendezvous.score(salt, endpointId), WHOLE);
    }

    /** The salt of a name. */
    public static long salt(String name) {
        return Rendezvous.seed(name);
    }

    /** How many places are below so many per cent. */
    public static int below(double percent) {
        return (int) Math.round(percent * (WHOLE / 100.0));
    }
}
