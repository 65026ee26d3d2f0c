/**
 * Partitions of the ledger: made 24 h ahead, compacted 3 h after they closed, dropped. Read {@link
 * io.longwire.saver.partition.PartitionKeeper} first. Rounds run on a virtual thread, one saver at a time for each
 * shard.
 */
@NullMarked
package io.longwire.saver.partition;

import org.jspecify.annotations.NullMarked;
