/**
 * Makes Netty say in time which buffers a test leaked. Read {@link io.longwire.testkit.leak.LeakProbe}. Runs on the
 * thread of the test launcher; nothing here is called by hand.
 */
@NullMarked
package io.longwire.testkit.leak;

import org.jspecify.annotations.NullMarked;
