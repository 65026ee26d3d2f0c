/** Tests of its package on real stores. One thread. */
@NullMarked
package io.longwire.saver.receipt;

import org.jspecify.annotations.NullMarked;
