/**
 * Keeps endpoints, aliases and networks out for a time. Read {@link io.longwire.center.ban.Bans}. Any thread.
 */
@NullMarked
package io.longwire.center.ban;

import org.jspecify.annotations.NullMarked;
