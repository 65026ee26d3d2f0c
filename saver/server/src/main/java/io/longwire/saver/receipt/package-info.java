/**
 * Receipts: what became of messages in the apps, kept 7 days for those that pull them. Read {@link
 * io.longwire.saver.receipt.Receipts} first. Thread-safe; adding never blocks, pulling runs on cold-call threads.
 */
@NullMarked
package io.longwire.saver.receipt;

import org.jspecify.annotations.NullMarked;
