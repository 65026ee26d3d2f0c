package io.longwire.center.send;

import org.jspecify.annotations.Nullable;

/** Which endpoints get no new messages for now. Thread-safe, never blocks. */
public interface Blocked {
    /** {@code banned until 2026-11-21T00:19:32Z}; null = it gets them. */
    @Nullable
    String why(long endpointId);
}
