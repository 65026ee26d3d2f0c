/** Ends and attempts on real stores. Start with {@link io.longwire.saver.end.DeadLettersIT}. One thread. */
@NullMarked
package io.longwire.saver.end;

import org.jspecify.annotations.NullMarked;
