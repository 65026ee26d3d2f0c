/**
 * What the bench writes into payloads and reads out of pushes. Static, or owned by one loop. Read
 * {@link io.longwire.bench.message.Stamp} first.
 */
@NullMarked
package io.longwire.bench.message;

import org.jspecify.annotations.NullMarked;
