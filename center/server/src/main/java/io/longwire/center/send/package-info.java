/**
 * The way of a message: check, mint, store, and only then look up and push. Hot. Callbacks run on gRPC threads and
 * never block; what is in flight is counted and bounded. Read {@link io.longwire.center.send.Sends} first, then
 * {@link io.longwire.center.send.Post}, {@link io.longwire.center.send.Multicast} and {@link
 * io.longwire.center.send.Router}.
 */
@NullMarked
package io.longwire.center.send;

import org.jspecify.annotations.NullMarked;
