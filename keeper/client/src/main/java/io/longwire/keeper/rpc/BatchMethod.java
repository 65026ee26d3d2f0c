package io.longwire.keeper.rpc;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;

/**
 * How items become batches of one streaming gRPC method and results come back. Implementations are stateless.
 *
 * @param <I> an item, usually its protobuf message
 * @param <R> its result
 * @param <Q> the batch message
 * @param <A> the reply message, whose results are aligned with the batch's items
 */
public interface BatchMethod<I, R, Q, A> {
    MethodDescriptor<Q, A> method();

    /** How long an item waits for its result, queueing included. */
    Duration deadline();

    Q batch(long batchId, List<I> items);

    long batchId(A reply);

    List<R> results(A reply);

    /** Estimated bytes of an item on the wire, for the 64 KB bound of a batch. */
    int sizeOf(I item);
}
