/**
 * How the API says no: one closed set of reasons, each with its HTTP and gRPC status. Values, owned by no thread. Read
 * {@link io.longwire.center.refuse.Why} first.
 */
@NullMarked
package io.longwire.center.refuse;

import org.jspecify.annotations.NullMarked;
