/**
 * Heads: what belongs to a request with several targets as a whole, and the payload that its messages share. Read
 * {@link io.longwire.saver.head.Heads} first. Thread-safe; nothing blocks.
 */
@NullMarked
package io.longwire.saver.head;

import org.jspecify.annotations.NullMarked;
