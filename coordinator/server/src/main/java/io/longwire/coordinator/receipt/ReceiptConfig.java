package io.longwire.coordinator.receipt;

import io.longwire.keeper.config.ConfigNode;

/**
 * How receipts are kept.
 *
 * @param share percent of {@code keep.bytesPerApp} that the receipts of an app may hold; what is above it waits in the
 *        savers' ledger
 */
public record ReceiptConfig(int share) {
    public static ReceiptConfig read(ConfigNode node) {
        node.about("share drain percent of keep.bytesPerApp that the receipts of an app may hold");
        return new ReceiptConfig(node.integer("share", 25, 1, 100));
    }
}
