package io.longwire.center.broadcast;

import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Schedule;
import java.util.concurrent.CompletableFuture;

/** Where broadcasts wait for their time. */
@FunctionalInterface
public interface LaterBroadcasts {
    /** Keeps a request that was checked; answers the schedule as it stands. */
    CompletableFuture<Schedule> once(AppRecord app, CreateBroadcastRequest request, long fireMillis);
}
