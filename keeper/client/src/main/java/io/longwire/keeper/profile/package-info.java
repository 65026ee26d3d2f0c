/**
 * What a process tells of itself on demand: profiles, heap, threads, pauses, figures; and the drain it is asked for.
 * Calls run on virtual threads and may block. Read {@link io.longwire.keeper.profile.ProcessRpc} first.
 */
@NullMarked
package io.longwire.keeper.profile;

import org.jspecify.annotations.NullMarked;
