/** Tests of its package on real stores. One thread. */
@NullMarked
package io.longwire.saver.profile;

import org.jspecify.annotations.NullMarked;
