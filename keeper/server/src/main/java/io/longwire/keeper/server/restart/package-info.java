/**
 * Rolling restarts: waves, drains at a planned rate, gates, a report. Each runs on a virtual thread of its own. Read
 * {@link io.longwire.keeper.server.restart.Restart} first.
 */
@NullMarked
package io.longwire.keeper.server.restart;

import org.jspecify.annotations.NullMarked;
