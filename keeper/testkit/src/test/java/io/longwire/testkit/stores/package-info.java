/** Tests of the starters, on the real programs. */
@NullMarked
package io.longwire.testkit.stores;

import org.jspecify.annotations.NullMarked;
