/** What the register's neighbours look like to its tests: a cluster that says what the test wants. */
@NullMarked
package io.longwire.register.fakes;

import org.jspecify.annotations.NullMarked;
