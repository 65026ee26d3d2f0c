/**
 * Pipelined gRPC between the parts: batches over a few long-lived streams, bounded queues, deadlines, breakers. Read
 * {@link io.longwire.keeper.rpc.Rpc} first. Everything here is thread-safe.
 */
@NullMarked
package io.longwire.keeper.rpc;

import org.jspecify.annotations.NullMarked;
