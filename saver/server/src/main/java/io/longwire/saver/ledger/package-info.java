/**
 * MySQL or MariaDB as the memory of the platform: shards, group commit, and the rows of messages and their ends. Read
 * {@link io.longwire.saver.ledger.BatchQueue} first. Rows may be submitted by any thread and never block it;
 * statements run on virtual threads, as many as the queue has workers.
 */
@NullMarked
package io.longwire.saver.ledger;

import org.jspecify.annotations.NullMarked;
