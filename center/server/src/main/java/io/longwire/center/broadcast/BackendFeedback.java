package io.longwire.center.broadcast;

import io.longwire.rpc.coordinator.AppFeedback;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The coordinators, which send the callbacks of products and measure how their backends bear them. */
public interface BackendFeedback {
    /** What each of them says of these apps, several of one perhaps. Within a second; never fails. */
    CompletableFuture<List<AppFeedback>> of(Collection<Integer> apps);
}
