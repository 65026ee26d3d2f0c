package io.longwire.keeper.trust;

import java.nio.charset.StandardCharsets;

/** What a signature is for; one for an order is no good for a version. */
public enum Purpose {
    ORDER("longwire-order-v1\n"), VERSION("longwire-version-v1\n");

    private final String prefix;

    Purpose(String prefix) {
        this.prefix = prefix;
    }

    byte[] prefix() {
        return prefix.getBytes(StandardCharsets.US_ASCII);
    }
}
