package io.longwire.keeper.rpc;

import io.grpc.Channel;

/**
 * The connections of this process to the others: a few long-lived HTTP/2 connections per peer, shared by all callers.
 * Thread-safe.
 */
public interface Rpc {
    /** The shared channel to host:port, for unary calls; set a deadline on each stub. */
    Channel channel(String address);

    /**
     * An ordered stream of batches to one process, opened at first use and again after a break; what was in flight at
     * the
     * break fails with DISCONNECTED. The caller closes it.
     */
    <I, R> BatchCall<I, R> stream(String address, BatchMethod<I, R, ?, ?> method);

    /**
     * Any live member of a part, own IDC first, by the balance given; each member has a breaker, and a call that
     * certainly
     * or possibly was not done is tried once more elsewhere within a budget of 10 % of the calls. For idempotent
     * methods
     * only. The caller closes it.
     */
    <I, R> BatchCall<I, R> anyOf(String part, BatchMethod<I, R, ?, ?> method, Balance<? super I> balance);

    /**
     * The channel of a live member of a part, chosen round robin; for cold unary calls. Throws RpcFailure
     * NO_TARGET.
     */
    Channel anyChannel(String part);
}
