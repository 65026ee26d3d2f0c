package io.longwire.center.api;

import io.longwire.center.access.Quota;

import org.jspecify.annotations.Nullable;

/** One call: what the face knows of it, and what the answer's headers need. Written by one thread at a time. */
public final class Call {
    private final @Nullable String authorization;
    private volatile @Nullable Quota quota;

    public Call(@Nullable String authorization) {
        this.authorization = authorization;
    }

    @Nullable
    String authorization() {
        return authorization;
    }

    void quota(Quota used) {
        quota = used;
    }

    /** What is left of the app's sends; null for a call that does not count against it. */
    public @Nullable Quota quota() {
        return quota;
    }
}
