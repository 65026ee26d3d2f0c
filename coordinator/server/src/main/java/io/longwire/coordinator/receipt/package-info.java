/**
 * Receipts of messages on their way from the savers' ledger into streams of type {@code $receipt}, for apps that have a
 * channel of it. Any thread, nothing blocks. Read {@link io.longwire.coordinator.receipt.Forwarding} first.
 */
@NullMarked
package io.longwire.coordinator.receipt;

import org.jspecify.annotations.NullMarked;
