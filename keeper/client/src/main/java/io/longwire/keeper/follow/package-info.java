/**
 * How a process follows the configuration that keeper stores: what it is told to run with, layer by layer, and the last
 * good one on disk. Read {@link io.longwire.keeper.follow.ConfigFollower} first; all work is on the configuration's
 * thread.
 */
@NullMarked
package io.longwire.keeper.follow;

import org.jspecify.annotations.NullMarked;
