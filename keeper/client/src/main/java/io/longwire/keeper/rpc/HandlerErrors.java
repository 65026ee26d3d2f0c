package io.longwire.keeper.rpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Metrics;

/**
 * What a handler throws becomes a status: its own StatusRuntimeException as it is, a failed call to a further part
 * UNAVAILABLE or DEADLINE_EXCEEDED, everything else INTERNAL without details (they are logged).
 */
final class HandlerErrors implements ServerInterceptor {
    private final FoldedLog log;
    private final Metrics.Counter failures;

    HandlerErrors(FoldedLog log, Metrics.Counter failures) {
        this.log = log;
        this.failures = failures;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        try {
            return new Guarded<>(call, next.startCall(call, headers));
        } catch (RuntimeException failure) {
            end(call, failure);
            return new ServerCall.Listener<>() {
            };
        }
    }

    private void end(ServerCall<?, ?> call, RuntimeException failure) {
        Status status = statusOf(failure);
        if (status.getCode() == Status.Code.INTERNAL) {
            failures.increment();
            log.error(call.getMethodDescriptor().getFullMethodName() + " failed", failure);
        }
        try {
            call.close(status, new Metadata());
        } catch (IllegalStateException closedAlready) {
            log.warn(call.getMethodDescriptor().getFullMethodName() + " failed after its end", closedAlready);
        }
    }

    private static Status statusOf(RuntimeException failure) {
        return switch (failure) {
            case StatusRuntimeException told -> told.getStatus();
            case RpcFailure further when further.kind() == RpcFailure.Kind.DEADLINE ->
                Status.DEADLINE_EXCEEDED.withDescription(further.getMessage());
            case RpcFailure further -> Status.UNAVAILABLE.withDescription(further.getMessage());
            default -> Status.INTERNAL.withDescription("the call failed; the server's log says why");
        };
    }

    private final class Guarded<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;

        Guarded(ServerCall<Q, ?> call, ServerCall.Listener<Q> next) {
            super(next);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            try {
                super.onMessage(message);
            } catch (RuntimeException failure) {
                end(call, failure);
            }
        }

        @Override
        public void onHalfClose() {
            try {
                super.onHalfClose();
            } catch (RuntimeException failure) {
                end(call, failure);
            }
        }
    }
}
