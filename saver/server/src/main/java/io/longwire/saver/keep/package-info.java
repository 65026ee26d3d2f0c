/**
 * Rows that are kept for a time and then deleted, beside the partitions of messages. Read {@link
 * io.longwire.saver.keep.Retention} first. Works on a virtual thread of its own.
 */
@NullMarked
package io.longwire.saver.keep;

import org.jspecify.annotations.NullMarked;
