/** Tests of its package on real stores. One thread. */
@NullMarked
package io.longwire.saver.keep;

import org.jspecify.annotations.NullMarked;
