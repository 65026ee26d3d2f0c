/**
 * Messages that were given up because their app never acked them: listed, and sent again. Any thread, nothing blocks.
 * Read {@link io.longwire.center.dead.DeadLetters} first.
 */
@NullMarked
package io.longwire.center.dead;

import org.jspecify.annotations.NullMarked;
