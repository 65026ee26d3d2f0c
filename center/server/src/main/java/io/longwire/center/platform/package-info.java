/**
 * How the platform itself stands: its processes and their bounded queues, for the operator. Any thread, nothing blocks.
 * Read {@link io.longwire.center.platform.Standings}.
 */
@NullMarked
package io.longwire.center.platform;

import org.jspecify.annotations.NullMarked;
