/** Tests of the leak probe. */
@NullMarked
package io.longwire.testkit.leak;

import org.jspecify.annotations.NullMarked;
