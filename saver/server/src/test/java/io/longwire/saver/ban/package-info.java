/** Tests of its package on real stores. One thread. */
@NullMarked
package io.longwire.saver.ban;

import org.jspecify.annotations.NullMarked;
