/**
 * Makes tests wait long enough on a slow machine. Read {@link io.longwire.testkit.patience.Patience}. Runs on the
 * thread of the test launcher; nothing here is called by hand.
 */
@NullMarked
package io.longwire.testkit.patience;

import org.jspecify.annotations.NullMarked;
