package io.longwire.coordinator.callback;

import io.longwire.coordinator.access.Networks;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.List;

/**
 * How callbacks are sent.
 *
 * @param most callbacks of the deployment
 * @param perApp requests at once of one app
 * @param maxInFlight requests at once of this process, and 64 KB of events for each
 * @param backoff after the first failed attempt; doubles with each
 * @param maxBackoff what it grows to
 * @param maxRetryAfter a backend that asks for more is asked again after this time
 * @param breaker when an app's backend is left alone
 * @param allow addresses and ranges that are not public, to which requests may go nevertheless
 */
public record CallbackConfig(int most, int perApp, int maxInFlight, Duration backoff, Duration maxBackoff,
        Duration maxRetryAfter, BreakerConfig breaker, List<String> allow) {
    public CallbackConfig {
        allow = List.copyOf(allow);
    }

    public static CallbackConfig read(ConfigNode node) {
        node.about("""
                most          hot   callbacks of the deployment
                perApp        hot   requests at once of one app
                maxInFlight   hot   requests at once of this process, and 64 KB of events for each
                backoff       hot   after the first failed attempt; doubles with each
                maxBackoff    hot   what the backoff grows to
                maxRetryAfter hot   a backend that asks for more is asked again after this time
                breaker       hot   when an app's backend is left alone
                allow         drain ranges that are not public, to which requests may go nevertheless
                """);
        List<String> allow = node.texts("allow", List.of());
        for (String network : allow) {
            if (!Networks.readable(network)) {
                throw node.wrong("allow", network, "an address or a range such as 10.0.0.0/8");
            }
        }
        return new CallbackConfig(node.integer("most", 500, 1, 10_000), node.integer("perApp", 16, 1, 1_000),
                node.integer("maxInFlight", 1_000, 1, 100_000), node.duration("backoff", "1s", "1ms", "1m"),
                node.duration("maxBackoff", "10m", "1ms", "1h"), node.duration("maxRetryAfter", "1h", "1s", "1d"),
                node.node("breaker", BreakerConfig::read), allow);
    }

    /**
     * When it opens, and for how long.
     *
     * @param failures in a row
     * @param open until one request may try it; doubles each time that fails
     * @param mostOpen what it grows to
     */
    public record BreakerConfig(int failures, Duration open, Duration mostOpen) {
        static BreakerConfig read(ConfigNode node) {
            node.about("""
                    failures hot   failures in a row that open it
                    open     hot   until one request may try it; doubles each time that fails
                    mostOpen hot   what it grows to
                    """);
            return new BreakerConfig(node.integer("failures", 5, 1, 1_000), node.duration("open", "1s", "1ms", "10m"),
                    node.duration("mostOpen", "1m", "1ms", "1h"));
        }
    }
}
