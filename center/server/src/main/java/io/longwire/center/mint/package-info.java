/**
 * Message ids. Read {@link io.longwire.center.mint.MessageIds} first. Lock-free, any thread; hot.
 */
@NullMarked
package io.longwire.center.mint;

import org.jspecify.annotations.NullMarked;
