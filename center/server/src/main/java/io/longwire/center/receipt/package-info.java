/**
 * What became of messages in the app, for the product to pull. Any thread, nothing blocks. Read
 * {@link io.longwire.center.receipt.Receipts} first.
 */
@NullMarked
package io.longwire.center.receipt;

import org.jspecify.annotations.NullMarked;
