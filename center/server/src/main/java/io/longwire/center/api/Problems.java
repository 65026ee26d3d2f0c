package io.longwire.center.api;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.linecorp.armeria.common.ShuttingDownException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.center.Problem;
import java.util.Locale;
import java.util.concurrent.CompletionException;

import org.slf4j.LoggerFactory;

/**
 * A refusal as the callers read it: RFC 9457 for REST, a status with the same problem among its details for gRPC.
 * Static, any thread.
 */
public final class Problems {
    /** Before each code in a problem's {@code type}. */
    public static final String TYPE = "urn:longwire:error:";

    private static final FoldedLog FAULTS = new FoldedLog(LoggerFactory.getLogger(Problems.class), Clock.system());
    private static final String DOMAIN = "longwire";
    private static final java.time.Duration RETRY = java.time.Duration.ofSeconds(1);

    private Problems() {
    }

    /** What the caller is told of a failed future. A fault of ours is logged here, once. */
    public static Refused refused(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Refused refused) {
            return refused;
        }
        if (cause instanceof RpcFailure rpc) {
            return Refused.later(Why.UNAVAILABLE, rpc.kind() + ": " + rpc.getMessage(), RETRY);
        }
        if (cause instanceof ShuttingDownException) {
            return Refused.later(Why.UNAVAILABLE, "center: is shutting down (expected: another one)", RETRY);
        }
        FAULTS.error("a call failed", cause);
        return Refused.because(Why.INTERNAL, "a fault of the server; its log has it");
    }

    /** The refusal as the API's message. */
    public static Problem problem(Refused refused) {
        Why why = refused.why();
        return Problem.newBuilder().setType(TYPE + why.code()).setTitle(why.title()).setStatus(why.http())
                .setDetail(refused.detail()).setCode(why.code()).setRetryAfterMs(refused.retryAfterMillis()).build();
    }

    /** The refusal that a problem tells of. */
    public static Refused refused(Problem problem) {
        Why why = Why.valueOf(problem.getCode().toUpperCase(Locale.ROOT));
        return problem.getRetryAfterMs() == 0
                ? Refused.because(why, problem.getDetail())
                : Refused.later(why, problem.getDetail(), java.time.Duration.ofMillis(problem.getRetryAfterMs()));
    }

    /** The refusal as a gRPC error: the detail as its description, and ErrorInfo, Problem and RetryInfo as details. */
    public static StatusRuntimeException grpc(Refused refused) {
        Why why = refused.why();
        var status = Status.newBuilder().setCode(why.grpc().value()).setMessage(refused.detail())
                .addDetails(Any.pack(ErrorInfo.newBuilder().setReason(why.name()).setDomain(DOMAIN).build()))
                .addDetails(Any.pack(problem(refused)));
        if (refused.retryAfterMillis() > 0) {
            long millis = refused.retryAfterMillis();
            status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder()
                    .setSeconds(millis / 1000).setNanos((int) (millis % 1000) * 1_000_000)).build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }
}
