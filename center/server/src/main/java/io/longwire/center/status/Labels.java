package io.longwire.center.status;

import java.util.Locale;

/** Words of the savers as the API says them. Static, any thread. */
final class Labels {
    private static final String RECEIPT = "receipt_";

    private Labels() {
    }

    static String how(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static String receipt(String name) {
        String label = name.toLowerCase(Locale.ROOT);
        return label.startsWith(RECEIPT) ? label.substring(RECEIPT.length()) : label;
    }
}
