/**
 * The off-heap table of sessions, one small hash table per slot. Read {@link
 * io.longwire.register.table.SessionTable} first. Hot: lookups and puts allocate nothing. Thread-safe by one lock
 * per slot; two slot locks are never held at once.
 */
@NullMarked
package io.longwire.register.table;

import org.jspecify.annotations.NullMarked;
