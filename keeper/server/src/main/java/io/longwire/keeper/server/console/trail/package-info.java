/**
 * The audit log as the console writes it: before each change. Any thread, blocks. Read
 * {@link io.longwire.keeper.server.console.trail.Trail} first.
 */
@NullMarked
package io.longwire.keeper.server.console.trail;

import org.jspecify.annotations.NullMarked;
