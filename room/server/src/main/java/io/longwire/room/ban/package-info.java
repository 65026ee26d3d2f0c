/**
 * Keeps banned endpoints out: at their binding, and where they are when the ban comes. Read {@link
 * io.longwire.room.ban.BannedEndpoints}. Any thread.
 */
@NullMarked
package io.longwire.room.ban;

import org.jspecify.annotations.NullMarked;
