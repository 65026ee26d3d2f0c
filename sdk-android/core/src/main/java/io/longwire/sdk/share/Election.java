package io.longwire.sdk.share;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Who of the group's apps should hold the connection. Everybody computes it from the same answers and comes to the same
 * result, so nobody votes. What counts, in this order: a newer language, a right to live in the background, being used
 * more, being connected already, a newer SDK, having been there longer, the name. No state.
 *
 * <p>A host stays for {@link #TENURE_MILLIS}: a phone whose user goes from app to app would else hand over all day.
 * Earlier it goes only for one that is better in a way that keeps messages from being lost: language or right to live.
 */
public final class Election {
    /** How long a host stays, unless it must go. */
    public static final long TENURE_MILLIS = 24 * 3_600_000L;

    private Election() {
    }

    /** The one that should hold the connection; null when there is nobody. */
    public static @Nullable Peer best(Collection<Peer> peers) {
        Peer best = null;
        for (Peer one : peers) {
            if (best == null || compare(one, best) > 0) {
                best = one;
            }
        }
        return best;
    }

    /**
     * Whether the candidate may take the place of a host that is there.
     *
     * @param heldMillis how long the host has been it
     */
    public static boolean mayReplace(Peer host, Peer candidate, long heldMillis) {
        if (compare(candidate, host) <= 0) {
            return false;
        }
        return heldMillis >= TENURE_MILLIS || candidate.protocol() > host.protocol()
                || (candidate.protocol() == host.protocol() && candidate.lives() && !host.lives());
    }

    /** Above 0 when the one is the better host; 0 only for the same package. */
    static int compare(Peer one, Peer other) {
        int by = Integer.compare(one.protocol(), other.protocol());
        by = by != 0 ? by : Boolean.compare(one.lives(), other.lives());
        by = by != 0 ? by : Integer.compare(rank(other), rank(one));
        by = by != 0 ? by : Boolean.compare(one.connected(), other.connected());
        by = by != 0 ? by : Integer.compare(one.sdkVersion(), other.sdkVersion());
        by = by != 0 ? by : Long.compare(other.installedMillis(), one.installedMillis());
        return by != 0 ? by : other.packageName().compareTo(one.packageName());
    }

    private static int rank(Peer one) {
        return one.bucket() <= 0 ? Integer.MAX_VALUE : one.bucket();
    }
}
