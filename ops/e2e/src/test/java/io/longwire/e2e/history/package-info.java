/**
 * What happened to each message, as the callers and the phones saw it, and the judge of it. Thread-safe. Read
 * {@link io.longwire.e2e.history.HistoryChecker} first.
 */
@NullMarked
package io.longwire.e2e.history;

import org.jspecify.annotations.NullMarked;
