package io.longwire.center.client.admin;

import io.longwire.center.client.call.Times;
import java.time.Duration;

/** Settings of an app that are named; all others stay as they are. Immutable. */
public final class AppSettings {
    /** None is named. */
    public static final AppSettings NONE = new AppSettings(io.longwire.rpc.center.AppSettings.newBuilder());

    private final io.longwire.rpc.center.AppSettings settings;

    private AppSettings(io.longwire.rpc.center.AppSettings.Builder settings) {
        this.settings = settings.build();
    }

    public AppSettings sendsPerSecond(int sends) {
        return new AppSettings(settings.toBuilder().setSendsPerSecond(sends));
    }

    /** Messages that may wait for one endpoint. */
    public AppSettings inboxMessages(int messages) {
        return new AppSettings(settings.toBuilder().setInboxMessages(messages));
    }

    /** Bytes that may wait for one endpoint. */
    public AppSettings inboxBytes(int bytes) {
        return new AppSettings(settings.toBuilder().setInboxBytes(bytes));
    }

    /** {@code drop_oldest}, {@code reject_new} or {@code collapse}. */
    public AppSettings overflow(String policy) {
        return new AppSettings(settings.toBuilder().setOverflow(policy));
    }

    public AppSettings maxTtl(Duration ttl) {
        return new AppSettings(settings.toBuilder().setMaxTtl(Times.text("max_ttl", ttl)));
    }

    /** Messages that may wait for all endpoints together; 0 = no limit. */
    public AppSettings storedMessages(long messages) {
        return new AppSettings(settings.toBuilder().setStoredMessages(messages));
    }

    /** Bytes that may wait for all endpoints together; 0 = no limit. */
    public AppSettings storedBytes(long bytes) {
        return new AppSettings(settings.toBuilder().setStoredBytes(bytes));
    }

    /** Targets of one request. */
    public AppSettings fanOut(int targets) {
        return new AppSettings(settings.toBuilder().setFanOut(targets));
    }

    /** Whether receipts are kept to be pulled. */
    public AppSettings receipts(boolean kept) {
        return new AppSettings(settings.toBuilder().setReceipts(kept));
    }

    /** Endpoints: larger broadcasts wait for an approval; 0 = none does. */
    public AppSettings broadcastSize(long endpoints) {
        return new AppSettings(settings.toBuilder().setBroadcastSize(endpoints));
    }

    /** How many endpoints may have an alias: {@code all}, {@code one_per_platform}, {@code newest}, {@code oldest}. */
    public AppSettings devices(String policy) {
        return new AppSettings(settings.toBuilder().setDevices(policy));
    }

    io.longwire.rpc.center.AppSettings wire() {
        return settings;
    }
}
