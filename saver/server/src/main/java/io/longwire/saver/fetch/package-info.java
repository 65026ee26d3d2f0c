/**
 * What waits for an endpoint, from the inbox alone or, while its slot is COLD, from inbox and ledger. Read {@link
 * io.longwire.saver.fetch.Fetches} first. Nothing blocks; continuations run on ledger and Redis threads.
 */
@NullMarked
package io.longwire.saver.fetch;

import org.jspecify.annotations.NullMarked;
