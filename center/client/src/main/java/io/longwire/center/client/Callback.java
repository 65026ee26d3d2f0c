package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.CallbackInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where events of a type are sent, and how that stands.
 *
 * @param secretIds the first 8 hex digits of each secret's SHA-256
 * @param batch events of a request, at most
 * @param timeout for a whole request, as the API spells it
 * @param waiting events not sent yet; counted to 100 in each of 64 partitions
 * @param delayed events to be sent again
 * @param dead dead letters
 * @param oldest when the oldest event that is not done was kept; null = there is none
 */
public record Callback(int appId, String type, String url, List<String> secretIds, int batch, String timeout,
        int maxAttempts, int concurrency, @Nullable Instant changed, long waiting, long inFlight, long delayed,
        long dead, @Nullable Instant oldest, boolean paused) {
    static Callback of(CallbackInfo info) {
        return new Callback(info.getAppId(), info.getType(), info.getUrl(), List.copyOf(info.getSecretIdsList()),
                info.getBatch(), info.getTimeout(), info.getMaxAttempts(), info.getConcurrency(),
                Times.instant(info.getChangedMs()), info.getWaiting(), info.getInFlight(), info.getDelayed(),
                info.getDead(), Times.instant(info.getOldestMs()), info.getPaused());
    }
}
