package io.longwire.saver.account;

import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.head.Heads;
import io.longwire.saver.inbox.Caps;
import io.longwire.saver.profile.Devices;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A checked change of an app's settings: the columns and their values. */
final class AppUpdate {
    private static final int MAX_NAME = 120;
    private static final int LEAST_BYTES = 8 << 10;
    private static final int MAX_TTL_SECONDS = 30 * 86_400;
    private static final List<String> FIELDS = List.of("name", "sends_per_second", "inbox_messages", "overflow",
            "max_ttl_seconds", "stored_messages", "stored_bytes", "fan_out", "inbox_bytes", "receipts",
            "broadcast_size", "devices");

    private final int app;
    private final Map<String, Object> values = new LinkedHashMap<>(); // by column

    private AppUpdate(int app) {
        this.app = app;
    }

    /** Throws IllegalArgumentException for a field that is not known or a value that breaks its rule. */
    static AppUpdate of(UpdateAppRequest request) {
        AppRecord given = request.getApp();
        var update = new AppUpdate(given.getAppId());
        if (request.getMaskList().isEmpty() || !FIELDS.containsAll(request.getMaskList())) {
            throw new IllegalArgumentException("mask: " + request.getMaskList() + " (expected: one or more of "
                    + FIELDS + ")");
        }
        request.getMaskList().forEach(field -> update.take(field, given));
        return update;
    }

    private void take(String field, AppRecord given) {
        switch (field) {
            case "name" -> values.put("name", name(given.getName().strip()));
            case "sends_per_second" -> values.put("sends_per_second",
                    Integer.toUnsignedLong(given.getSendsPerSecond()));
            case "inbox_messages" -> values.put("inbox_messages",
                    in(field, given.getInboxMessages(), 1, Caps.MAX_MESSAGES));
            case "overflow" -> values.put("overflow", in(field, given.getOverflow(), 0, 2));
            case "max_ttl_seconds" -> values.put("max_ttl_s",
                    in(field, given.getMaxTtlSeconds(), 1, MAX_TTL_SECONDS));
            case "stored_messages" -> values.put("stored_messages",
                    in(field, given.getStoredMessages(), 0, Long.MAX_VALUE));
            case "stored_bytes" -> values.put("stored_bytes", in(field, given.getStoredBytes(), 0, Long.MAX_VALUE));
            case "fan_out" -> values.put("fan_out", in(field, given.getFanOut(), 0, Heads.MAX_TARGETS));
            case "inbox_bytes" -> values.put("inbox_bytes", given.getInboxBytes() == 0
                    ? 0L
                    : in(field, given.getInboxBytes(), LEAST_BYTES, Caps.MAX_BYTES));
            case "broadcast_size" -> values.put("broadcast_size",
                    in(field, given.getBroadcastSize(), 0, Long.MAX_VALUE));
            case "devices" -> values.put("devices", in(field, given.getDevices(), 0, Devices.values().length - 1));
            default -> values.put("receipts", given.getReceipts() ? 1L : 0L);
        }
    }

    private static String name(String given) {
        if (given.isEmpty() || given.length() > MAX_NAME) {
            throw new IllegalArgumentException("name: " + given + " (expected: 1 to " + MAX_NAME + " characters)");
        }
        return given;
    }

    private static Long in(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + ": " + Long.toUnsignedString(value) + " (expected: " + least + " to " + most + ")");
        }
        return value;
    }

    String sql() {
        return "UPDATE app SET " + values.keySet().stream().map(column -> column + " = ?")
                .collect(Collectors.joining(", ")) + " WHERE app = ?";
    }

    void bind(PreparedStatement update) throws SQLException {
        int at = 1;
        for (Object value : values.values()) {
            update.setObject(at++, value);
        }
        update.setInt(at, app);
    }

    /** The most bytes of an inbox of the app. */
    static int inboxBytes(AppRecord record) {
        return record.getInboxBytes() <= 0 ? Caps.MAX_BYTES : Math.min(record.getInboxBytes(), Caps.MAX_BYTES);
    }
}
