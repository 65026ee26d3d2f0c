/**
 * The nine calls, the same for both faces: who calls, may they, then the part that does it. Any thread, nothing blocks.
 * Read {@link io.longwire.center.api.CenterCalls} first.
 */
@NullMarked
package io.longwire.center.api;

import org.jspecify.annotations.NullMarked;
