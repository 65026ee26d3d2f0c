package io.longwire.keeper.service;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.profile.Subject.Draining;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A drain that was asked for while the process serves: begun once, for ever. Thread-safe. */
final class AskedDrain {
    private final Duration configured;
    private final Clock clock;
    private final AtomicReference<@Nullable Draining> state = new AtomicReference<>();

    AskedDrain(Duration configured, Clock clock) {
        this.configured = configured;
        this.clock = clock;
    }

    /** True if it was not begun before. */
    boolean begin(Duration within) {
        return state.compareAndSet(null, new Draining(clock.wallMillis(), within, false));
    }

    void over() {
        state.updateAndGet(drain -> drain == null ? null : new Draining(drain.beganMillis(), drain.within(), true));
    }

    Optional<Draining> state() {
        return Optional.ofNullable(state.get());
    }

    /** How long a drain may take in all. */
    Duration within() {
        Draining drain = state.get();
        return drain == null ? configured : drain.within();
    }

    /** How long the drain at the end of the process may take: the rest of one that is under way, but 2 s. */
    Duration left() {
        Draining drain = state.get();
        if (drain == null) {
            return configured;
        }
        long left = drain.beganMillis() + drain.within().toMillis() - clock.wallMillis();
        return Duration
                .ofMillis(Math.clamp(drain.over() ? 0 : left, 2_000, Math.max(2_000, drain.within().toMillis())));
    }
}
