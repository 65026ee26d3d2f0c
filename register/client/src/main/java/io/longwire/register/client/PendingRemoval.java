package io.longwire.register.client;

import io.longwire.rpc.register.SessionResult;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** One removal on its way to the owners of its slot. The counts of the answers are a byte each. Thread-safe. */
final class PendingRemoval {
    private static final int SUPERSEDED = 1 << 8;
    private static final int ABSENT = 1 << 16;
    private static final int OUTCOME = 1 << 24;

    private final RemovalListener listener;
    private final int owners;
    private final AtomicInteger answers = new AtomicInteger();

    /** Tells at once where there is no owner. */
    PendingRemoval(RemovalListener listener, int owners) {
        this.listener = listener;
        this.owners = owners;
        if (owners == 0) {
            listener.onRemoved(0, 0, 0);
        }
    }

    /** One owner's answer; null = it gave none. */
    void answered(@Nullable SessionResult result) {
        int what = result == null ? 0 : switch (result.getCode()) {
            case REMOVED -> 1;
            case SUPERSEDED -> SUPERSEDED;
            case ABSENT -> ABSENT;
            default -> 0;
        };
        int all = answers.addAndGet(OUTCOME + what);
        if (all >>> 24 == owners) {
            listener.onRemoved(all & 0xff, all >>> 8 & 0xff, all >>> 16 & 0xff);
        }
    }
}
