/**
 * Who gets a broadcast: checked where it comes in (center), evaluated where the session is (room) and where the profile
 * is (saver), by the same code. Read {@link io.longwire.room.client.audience.CompiledAudience} first. Everything is
 * immutable or static, for any thread.
 */
@NullMarked
package io.longwire.room.client.audience;

import org.jspecify.annotations.NullMarked;
