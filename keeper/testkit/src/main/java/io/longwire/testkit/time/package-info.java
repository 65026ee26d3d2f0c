/**
 * Time that moves when a test says so. Read {@link io.longwire.testkit.time.VirtualClock}. Tasks run on the thread that
 * advances the clock.
 */
@NullMarked
package io.longwire.testkit.time;

import org.jspecify.annotations.NullMarked;
