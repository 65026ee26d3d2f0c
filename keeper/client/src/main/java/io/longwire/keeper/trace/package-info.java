/**
 * The trace of a caller, which travels with its message. Pure, any thread. Read {@link
 * io.longwire.keeper.trace.Traceparent}.
 */
@NullMarked
package io.longwire.keeper.trace;

import org.jspecify.annotations.NullMarked;
