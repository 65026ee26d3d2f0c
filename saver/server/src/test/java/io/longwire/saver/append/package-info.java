/** Idempotency on a real MariaDB. Start with {@link io.longwire.saver.append.IdempotencyIT}. One thread. */
@NullMarked
package io.longwire.saver.append;

import org.jspecify.annotations.NullMarked;
