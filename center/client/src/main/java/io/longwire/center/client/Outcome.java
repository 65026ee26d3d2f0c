package io.longwire.center.client;

import io.longwire.center.client.call.BackendException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message of a batch: exactly one of the two is there.
 *
 * @param sent it was taken
 * @param problem it was not
 */
public record Outcome(@Nullable Sent sent, @Nullable BackendException problem) {
    /** The answer, or its problem thrown. */
    public Sent orThrow() {
        if (problem != null) {
            throw problem;
        }
        return Objects.requireNonNull(sent);
    }
}
