/**
 * How sessions become known to the register. Read {@link io.longwire.room.directory.SessionDirectory} first.
 * Thread-safe; answers come on the executor given with the question.
 */
@NullMarked
package io.longwire.room.directory;

import org.jspecify.annotations.NullMarked;
