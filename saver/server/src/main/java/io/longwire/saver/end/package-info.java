/**
 * The ends of messages: end_log committed, then removed from the inbox, then confirmed. Read {@link
 * io.longwire.saver.end.Endings} first. Thread-safe; continuations run on ledger and Redis threads.
 */
@NullMarked
package io.longwire.saver.end;

import org.jspecify.annotations.NullMarked;
