package io.longwire.center.client.admin;

import io.longwire.rpc.center.QueueStanding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process of the platform.
 *
 * @param part center, room, coordinator ...
 * @param problem why its queues are not told; empty = they are
 * @param queues those with a bound
 */
public record PartStanding(String part, String instance, boolean draining, String problem, List<Queue> queues) {
    /**
     * A queue, or a store, with a bound.
     *
     * @param metric that says how much it holds; of a bound for each app: that counts what happened
     * @param held null = not counted
     * @param hitsMetric that counts what happened at the bound; empty = nothing does
     * @param hits so often, since the process began
     */
    public record Queue(String metric, String about, @Nullable Long held, long most, String hitsMetric, long hits) {
        static Queue of(QueueStanding queue) {
            return new Queue(queue.getMetric(), queue.getAbout(), queue.hasHeld() ? queue.getHeld() : null,
                    queue.getMost(), queue.getHitsMetric(), queue.getHits());
        }
    }

    static PartStanding of(io.longwire.rpc.center.PartStanding part) {
        return new PartStanding(part.getPart(), part.getInstance(), part.getDraining(), part.getProblem(),
                part.getQueuesList().stream().map(Queue::of).toList());
    }
}
