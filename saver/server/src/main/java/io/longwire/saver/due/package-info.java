/**
 * The safety net under every append: endpoints with waiting messages are looked after until they are empty or known
 * to be away. Read {@link io.longwire.saver.due.DueWorker} first. Rounds run on a virtual thread, looks on Redis and
 * rpc threads.
 */
@NullMarked
package io.longwire.saver.due;

import org.jspecify.annotations.NullMarked;
