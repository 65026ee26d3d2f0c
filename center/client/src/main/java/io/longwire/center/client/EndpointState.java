package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.EndpointStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether an endpoint is there.
 *
 * @param state {@code online}, {@code offline}, {@code unknown} (never guessed to offline), or {@code invalid} for an
 *     id that is not the app's
 * @param room which holds its session
 * @param waiting messages in its inbox
 * @param registered {@code active} or {@code gone}
 * @param since online: since when; offline: when last seen
 * @param appRunning {@code yes}, {@code no} or empty: not known
 */
public record EndpointState(String endpoint, String state, String room, int waiting, String registered,
        @Nullable Instant since, @Nullable Instant seen, String appRunning) {

    static EndpointState of(EndpointStatus status) {
        return new EndpointState(status.getEndpoint(), status.getState(), status.getRoom(), status.getWaiting(),
                status.getRegistered(), Times.instant(status.getSinceMs()), Times.instant(status.getSeenMs()),
                status.getAppRunning());
    }
}
