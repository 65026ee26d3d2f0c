/** Partitions under a fast clock. Start with {@link io.longwire.saver.partition.CompactionIT}. One thread. */
@NullMarked
package io.longwire.saver.partition;

import org.jspecify.annotations.NullMarked;
