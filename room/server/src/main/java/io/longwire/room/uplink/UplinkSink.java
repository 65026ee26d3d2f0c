package io.longwire.room.uplink;

import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.util.concurrent.CompletableFuture;

/** Where uplinks are kept: the coordinators. Thread-safe. */
public interface UplinkSink {
    /**
     * Never blocks; completes on any thread within its deadline. A failure means "not known"; the same endpoint and
     * seq may be sent again and are kept once.
     */
    CompletableFuture<UplinkResult> send(UplinkItem item);
}
