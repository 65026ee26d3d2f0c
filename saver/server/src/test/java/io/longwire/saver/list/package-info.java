/** Broadcasts on a real database. */
@NullMarked
package io.longwire.saver.list;

import org.jspecify.annotations.NullMarked;
