package io.longwire.center.client.call;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.longwire.rpc.center.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Turns what gRPC says of a failed call into what the caller is told. */
public final class Failures {
    private Failures() {
    }

    /** A refusal that stands in an answer. */
    public static BackendException of(Problem problem) {
        return of(problem, null);
    }

    static BackendException of(Throwable failure) {
        Problem problem = problem(failure);
        return problem == null ? withoutProblem(Status.fromThrowable(failure), failure) : of(problem, failure);
    }

    private static BackendException of(Problem problem, @Nullable Throwable cause) {
        return BackendException.of(problem.getStatus(), problem.getCode(), problem.getDetail(),
                Duration.ofMillis(problem.getRetryAfterMs()), cause);
    }

    private static @Nullable Problem problem(Throwable failure) {
        var status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return null;
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(Problem.class)) {
                try {
                    return detail.unpack(Problem.class);
                } catch (InvalidProtocolBufferException broken) {
                    return null;
                }
            }
        }
        return null;
    }

    // What gRPC itself says, or something between us and center that knows nothing of problems.
    private static BackendException withoutProblem(Status status, Throwable failure) {
        String text = status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> BackendException.noAnswer("timed_out", "no answer in time", failure);
            case UNAUTHENTICATED -> refused(401, "unauthenticated", text, failure);
            case PERMISSION_DENIED -> refused(403, "forbidden", text, failure);
            case UNIMPLEMENTED -> refused(404, "no_such_path", text, failure);
            case RESOURCE_EXHAUSTED -> refused(413, "too_large", text, failure);
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE ->
                refused(400, "invalid_argument", text, failure);
            default -> BackendException.noAnswer("no_answer", text + causeOf(failure), failure);
        };
    }

    private static String causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }

    private static BackendException refused(int status, String code, String text, Throwable failure) {
        return BackendException.of(status, code, text, Duration.ZERO, failure);
    }
}
