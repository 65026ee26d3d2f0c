/** The due worker on a real Redis. Start with {@link io.longwire.saver.due.DueWorkerIT}. One thread. */
@NullMarked
package io.longwire.saver.due;

import org.jspecify.annotations.NullMarked;
