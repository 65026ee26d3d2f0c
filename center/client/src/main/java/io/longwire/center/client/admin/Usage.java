package io.longwire.center.client.admin;

import io.longwire.center.client.call.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an app uses of its quotas.
 *
 * @param storedMessagesLimit 0 = none
 * @param storedBytesLimit 0 = none
 * @param fanOut targets of one request
 * @param counted when the stored ones were counted
 */
public record Usage(int appId, long storedMessages, long storedMessagesLimit, long storedBytes, long storedBytesLimit,
        int sendsPerSecond, int fanOut, @Nullable Instant counted) {

    /** As it came. */
    public static Usage of(io.longwire.rpc.center.Usage usage) {
        return new Usage(usage.getAppId(), usage.getStoredMessages(), usage.getStoredMessagesLimit(),
                usage.getStoredBytes(), usage.getStoredBytesLimit(), usage.getSendsPerSecond(), usage.getFanOut(),
                Times.instant(usage.getCountedMs()));
    }
}
