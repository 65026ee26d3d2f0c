package io.longwire.coordinator.keep;

import io.longwire.device.Limits;
import io.longwire.rpc.coordinator.UplinkItem;

/** What an uplink must be like. Static, pure. */
final class UplinkRules {
    static final int MAX_BODY = 16 << 10;

    private static final int MAX_TYPE = 64;
    private static final long MAX_SEQ = (1L << 53) - 1; // what a script counts exactly

    private UplinkRules() {
    }

    /** Empty, or why it will never be taken: {@code name: value (expected: rule)}. */
    static String objection(UplinkItem item) {
        if (item.getAppId() == 0 || item.getEndpointId() == 0) {
            return "endpoint_id: " + item.getEndpointId() + " of app " + item.getAppId() + " (expected: not 0)";
        }
        if (!named(item.getType())) {
            String type = item.getType();
            return "type: " + (type.length() > MAX_TYPE ? type.length() + " characters" : printable(type))
                    + " (expected: 1 to " + MAX_TYPE + " of A-Z a-z 0-9 . _ -)";
        }
        if (item.getSeq() < 1 || item.getSeq() > MAX_SEQ) {
            return "seq: " + Long.toUnsignedString(item.getSeq()) + " (expected: 1 to 2^53 - 1)";
        }
        if (item.getTimeoutMs() < 0 || item.getTimeoutMs() > Limits.REQUEST_MILLIS) {
            return "timeout_ms: " + Integer.toUnsignedString(item.getTimeoutMs()) + " (expected: 0 to "
                    + Limits.REQUEST_MILLIS + ")";
        }
        if (item.getBody().size() > MAX_BODY) {
            return "body: " + item.getBody().size() + " bytes (expected: at most " + MAX_BODY + ")";
        }
        return "";
    }

    private static boolean named(String text) {
        if (text.isEmpty() || text.length() > MAX_TYPE) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.'
                    || c == '_' || c == '-';
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
