/** Tests of the virtual clock. */
@NullMarked
package io.longwire.testkit.time;

import org.jspecify.annotations.NullMarked;
