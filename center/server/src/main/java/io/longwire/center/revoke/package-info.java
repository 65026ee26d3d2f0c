/**
 * Taking messages back: what waits is never delivered, what was delivered is removed by the phone. Any thread, nothing
 * blocks. Read {@link io.longwire.center.revoke.Revokes} first.
 */
@NullMarked
package io.longwire.center.revoke;

import org.jspecify.annotations.NullMarked;
