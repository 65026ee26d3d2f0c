package io.longwire.coordinator.channel;

/**
 * An event that was given out.
 *
 * @param attempt 1 = for the first time in this channel
 * @param value the uplink as it was kept
 */
public record Given(EventId id, int attempt, byte[] value) {
}
