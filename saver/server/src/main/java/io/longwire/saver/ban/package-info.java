/**
 * Who is kept out: rows of the first shard that rooms and centers follow by version. Read {@link
 * io.longwire.saver.ban.Bans} first. Methods block and run on cold-call threads.
 */
@NullMarked
package io.longwire.saver.ban;

import org.jspecify.annotations.NullMarked;
