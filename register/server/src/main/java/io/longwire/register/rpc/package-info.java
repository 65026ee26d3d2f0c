/**
 * The register's two batched streams. Read {@link io.longwire.register.rpc.RegisterRpc} first. A batch is worked on
 * by the gRPC thread that brought it, at once and to its end; batches of one stream come one after the other.
 */
@NullMarked
package io.longwire.register.rpc;

import org.jspecify.annotations.NullMarked;
