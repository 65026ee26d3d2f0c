package io.longwire.center.api;

import io.longwire.center.access.Quota;
import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/** One call: what the face knows of it, and what the answer's headers need. Written by one thread at a time. */
public final class Call {
    private final @Nullable String authorization;
    private final InetAddress address;
    private volatile @Nullable Quota quota;

    /** @param address of the caller, as the socket says */
    public Call(@Nullable String authorization, InetAddress address) {
        this.authorization = authorization;
        this.address = address;
    }

    public @Nullable String authorization() {
        return authorization;
    }

    public InetAddress address() {
        return address;
    }

    public void quota(Quota used) {
        quota = used;
    }

    /** What is left of the app's sends; null for a call that does not count against it. */
    public @Nullable Quota quota() {
        return quota;
    }
}
