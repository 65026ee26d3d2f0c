package io.longwire.center.api;

import io.longwire.center.access.Quota;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** One call: what the face knows of it, and what the answer's headers need. Written by one thread at a time. */
public final class Call {
    private final @Nullable String authorization;
    private final InetAddress address;
    private final Consumer<Duration> patience;
    private volatile @Nullable Quota quota;

    /**
     * @param address of the caller
     * @param patience lets the call take so long from its start
     */
    public Call(@Nullable String authorization, InetAddress address, Consumer<Duration> patience) {
        this.authorization = authorization;
        this.address = address;
        this.patience = patience;
    }

    /** A call of nobody that waits: it takes as long as it takes. */
    public Call(@Nullable String authorization, InetAddress address) {
        this(authorization, address, time -> {
        });
    }

    /** It may take so long from its start, however long a call usually may. */
    public void mayTake(Duration time) {
        patience.accept(time);
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

    /** What is left of the app's sends; null for a call of nobody's app. */
    public @Nullable Quota quota() {
        return quota;
    }
}
