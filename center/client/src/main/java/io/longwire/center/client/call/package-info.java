/**
 * How the client calls center: channels, the key, deadlines, retries, typed failures. Thread-safe; answers complete on
 * gRPC's threads or the client's timer thread. Read {@link io.longwire.center.client.call.Calls} first.
 */
@NullMarked
package io.longwire.center.client.call;

import org.jspecify.annotations.NullMarked;
