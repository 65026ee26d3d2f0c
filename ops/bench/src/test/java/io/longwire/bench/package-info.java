/** Tests of the command line. Surefire's thread. */
@NullMarked
package io.longwire.bench;

import org.jspecify.annotations.NullMarked;
