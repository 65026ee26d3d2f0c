/**
 * What other parts ask of sessions: fetch, drop, probe, kick, ask. Read {@link io.longwire.room.control.Controls}
 * first. Owner: the connection's loop.
 */
@NullMarked
package io.longwire.room.control;

import org.jspecify.annotations.NullMarked;
