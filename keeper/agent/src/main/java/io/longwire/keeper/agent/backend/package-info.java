/**
 * How processes are run on this host: as children of the agent that outlive it, or by systemd. Thread-safe; calls may
 * block. Read {@link io.longwire.keeper.agent.backend.Backend} first.
 */
@NullMarked
package io.longwire.keeper.agent.backend;

import org.jspecify.annotations.NullMarked;
