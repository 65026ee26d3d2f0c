package io.longwire.keeper.rpc;

/** Who wants to know how the items of a stream fare. Called on the stream's loop, or by the caller of the item. */
interface Outcome<I, R> {
    /** A batch was answered. */
    default void answered() {
    }

    /** An item failed. True: the outcome has taken it over and will complete it. */
    boolean failed(Pending<I, R> pending, RpcFailure failure);

    static <I, R> Outcome<I, R> none() {
        return (pending, failure) -> false;
    }
}
