/**
 * The agent of a host: starts, stops and upgrades the processes of the platform there. Read
 * {@link io.longwire.keeper.agent.AgentMain} first.
 */
@NullMarked
package io.longwire.keeper.agent;

import org.jspecify.annotations.NullMarked;
