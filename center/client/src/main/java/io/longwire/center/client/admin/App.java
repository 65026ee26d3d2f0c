package io.longwire.center.client.admin;

import io.longwire.center.client.call.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A product.
 *
 * @param appKey goes into its SDK
 * @param inboxMessages that may wait for one endpoint
 */
public record App(int appId, String name, String appKey, @Nullable Instant created, int sendsPerSecond,
        int inboxMessages, long inboxBytes, String overflow, String maxTtl, long storedMessages, long storedBytes,
        int fanOut, boolean receipts) {

    static App of(io.longwire.rpc.center.App app) {
        var settings = app.getSettings();
        return new App(app.getAppId(), app.getName(), app.getAppKey(), Times.instant(app.getCreatedMs()),
                app.getSendsPerSecond(), app.getInboxMessages(), settings.getInboxBytes(), settings.getOverflow(),
                settings.getMaxTtl(), settings.getStoredMessages(), settings.getStoredBytes(), settings.getFanOut(),
                settings.getReceipts());
    }
}
