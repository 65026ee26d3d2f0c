/**
 * Where a message is and why; where an endpoint is. Merges what the ledger knows with what the register says now. Any
 * thread, nothing blocks. Read {@link io.longwire.center.status.Timelines} first.
 */
@NullMarked
package io.longwire.center.status;

import org.jspecify.annotations.NullMarked;
