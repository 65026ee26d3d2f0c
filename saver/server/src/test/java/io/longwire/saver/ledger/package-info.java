/** Group commit and rows on a real MariaDB. Start with {@link io.longwire.saver.ledger.BatchQueueIT}. One thread. */
@NullMarked
package io.longwire.saver.ledger;

import org.jspecify.annotations.NullMarked;
