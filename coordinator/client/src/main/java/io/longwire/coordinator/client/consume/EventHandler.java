package io.longwire.coordinator.client.consume;

/**
 * What a backend does with an event. Called on a virtual thread, one event of a partition after the other, those of
 * different partitions at once; may block. What it throws counts as {@link Verdict#again} after a second times the
 * attempt.
 */
@FunctionalInterface
public interface EventHandler {
    Verdict handle(UplinkEvent event) throws Exception;
}
