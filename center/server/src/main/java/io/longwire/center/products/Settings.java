package io.longwire.center.products;

import io.longwire.center.refuse.Refused;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.AppSettings;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.UpdateAppRequest;
import java.time.Duration;
import java.util.List;

/** The settings of an app: their rules, their defaults, and how the savers keep them. Pure. */
final class Settings {
    static final int MAX_SENDS_PER_SECOND = 1_000_000;
    static final int MAX_INBOX_MESSAGES = 200; // what a saver takes

    private static final List<String> OVERFLOWS = List.of("drop_oldest", "reject_new", "collapse");
    private static final List<String> DEVICES = List.of("all", "one_per_platform", "newest", "oldest");
    private static final int MIN_INBOX_BYTES = 8 << 10; // one message of the largest size, and its envelope
    private static final int MAX_INBOX_BYTES = 256 << 10;
    private static final int MAX_FAN_OUT = 1_000;
    private static final long MAX_STORED = 1_000_000_000_000L;
    private static final Duration DEFAULT_MAX_TTL = Duration.ofDays(7);
    private static final Duration MOST_MAX_TTL = Duration.ofDays(30);
    private static final int MAX_DURATION_TEXT = 12;

    private Settings() {
    }

    /** What is named, with its mask. Throws {@link Refused} for the first rule it breaks. */
    static UpdateAppRequest change(AppSettings settings) {
        var app = AppRecord.newBuilder();
        var change = UpdateAppRequest.newBuilder();
        if (settings.hasSendsPerSecond()) {
            app.setSendsPerSecond(within("sends_per_second", settings.getSendsPerSecond(), 1, MAX_SENDS_PER_SECOND));
            change.addMask("sends_per_second");
        }
        if (settings.hasInboxMessages()) {
            app.setInboxMessages(within("inbox_messages", settings.getInboxMessages(), 1, MAX_INBOX_MESSAGES));
            change.addMask("inbox_messages");
        }
        if (settings.hasInboxBytes()) {
            app.setInboxBytes(within("inbox_bytes", settings.getInboxBytes(), MIN_INBOX_BYTES, MAX_INBOX_BYTES));
            change.addMask("inbox_bytes");
        }
        if (settings.hasOverflow()) {
            app.setOverflow(overflow(settings.getOverflow()));
            change.addMask("overflow");
        }
        if (settings.hasMaxTtl()) {
            app.setMaxTtlSeconds(maxTtl(settings.getMaxTtl()));
            change.addMask("max_ttl_seconds");
        }
        if (settings.hasStoredMessages()) {
            app.setStoredMessages(stored("stored_messages", settings.getStoredMessages()));
            change.addMask("stored_messages");
        }
        if (settings.hasStoredBytes()) {
            app.setStoredBytes(stored("stored_bytes", settings.getStoredBytes()));
            change.addMask("stored_bytes");
        }
        if (settings.hasFanOut()) {
            app.setFanOut(within("fan_out", settings.getFanOut(), 1, MAX_FAN_OUT));
            change.addMask("fan_out");
        }
        if (settings.hasReceipts()) {
            app.setReceipts(settings.getReceipts());
            change.addMask("receipts");
        }
        if (settings.hasDevices()) {
            app.setDevices(devices(settings.getDevices()));
            change.addMask("devices");
        }
        if (settings.hasBroadcastSize()) {
            app.setBroadcastSize(stored("broadcast_size", settings.getBroadcastSize()));
            change.addMask("broadcast_size");
        }
        return change.setApp(app).build();
    }

    /** All of them as they are in force, defaults too. */
    static AppSettings of(AppRecord app) {
        Duration ttl = app.getMaxTtlSeconds() == 0 ? DEFAULT_MAX_TTL : Duration.ofSeconds(app.getMaxTtlSeconds());
        return AppSettings.newBuilder().setSendsPerSecond(app.getSendsPerSecond())
                .setInboxMessages(app.getInboxMessages())
                .setInboxBytes(app.getInboxBytes() == 0 ? MAX_INBOX_BYTES : app.getInboxBytes())
                .setOverflow(app.getOverflow() < OVERFLOWS.size() ? OVERFLOWS.get(app.getOverflow()) : "")
                .setMaxTtl(ttl.toDays() > 0 && ttl.equals(Duration.ofDays(ttl.toDays()))
                        ? ttl.toDays() + "d"
                        : ttl.toSeconds() + "s")
                .setStoredMessages(app.getStoredMessages()).setStoredBytes(app.getStoredBytes())
                .setFanOut(fanOut(app)).setReceipts(app.getReceipts())
                .setDevices(app.getDevices() >= 0 && app.getDevices() < DEVICES.size()
                        ? DEVICES.get(app.getDevices())
                        : "")
                .setBroadcastSize(app.getBroadcastSize()).build();
    }

    static int fanOut(AppRecord app) {
        return app.getFanOut() == 0 ? MAX_FAN_OUT : app.getFanOut();
    }

    private static int within(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw Refused.invalid(field, Integer.toUnsignedString(value), least + " to " + most);
        }
        return value;
    }

    private static long stored(String field, long value) {
        if (value < 0 || value > MAX_STORED) {
            throw Refused.invalid(field, Long.toUnsignedString(value), "0 (no limit) to " + MAX_STORED);
        }
        return value;
    }

    private static int overflow(String text) {
        int policy = OVERFLOWS.indexOf(text);
        if (policy < 0) {
            throw Refused.invalid("overflow", text, "drop_oldest, reject_new or collapse");
        }
        return policy;
    }

    private static int devices(String text) {
        int policy = DEVICES.indexOf(text);
        if (policy < 0) {
            throw Refused.invalid("devices", text, "all, one_per_platform, newest or oldest");
        }
        return policy;
    }

    private static int maxTtl(String text) {
        Duration ttl = text.length() > MAX_DURATION_TEXT ? null : Units.duration(text);
        if (ttl == null || ttl.toSeconds() < 1 || ttl.compareTo(MOST_MAX_TTL) > 0
                || !ttl.equals(Duration.ofSeconds(ttl.toSeconds()))) {
            throw Refused.invalid("max_ttl", text, "1s to " + MOST_MAX_TTL.toDays() + "d in whole seconds, such as 7d");
        }
        return (int) ttl.toSeconds();
    }
}
