/**
 * Rolling restarts and profiles of processes that agents run. Read {@link io.longwire.e2e.rolling.AgentHosts} first.
 */
@NullMarked
package io.longwire.e2e.rolling;

import org.jspecify.annotations.NullMarked;
