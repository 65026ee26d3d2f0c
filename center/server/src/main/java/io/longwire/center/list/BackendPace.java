package io.longwire.center.list;

import io.longwire.rpc.saver.Broadcast;

/** What the product's own backend bears of a broadcast to a list. */
public interface BackendPace {
    /**
     * Messages a second over all of the list; what was asked for where the backend makes no difference.
     *
     * @param asked what the operator gave it; 0 = as fast as it can, as in the answer
     * @param endpoints of the list
     */
    double bound(Broadcast broadcast, double asked, long endpoints);
}
