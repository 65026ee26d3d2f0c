/**
 * center: the API for product backends and operators, gRPC and REST on one port. It keeps nothing of its own: a
 * message is stored by a saver, then looked up in the register, then handed to a room. Any thread may call; no
 * call blocks. Read {@link io.longwire.center.CenterMain} first.
 */
@NullMarked
package io.longwire.center;

import org.jspecify.annotations.NullMarked;
