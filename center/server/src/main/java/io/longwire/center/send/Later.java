package io.longwire.center.send;

import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Schedule;
import java.util.concurrent.CompletableFuture;

/** Where a request with {@code not_before} waits for its time. */
@FunctionalInterface
public interface Later {
    /** Completes with the schedule as it stands when it is kept. */
    CompletableFuture<Schedule> once(AppRecord app, SendRequest request, long fireMillis);
}
