package io.longwire.dispatcher.http;

import com.google.protobuf.MessageLite;
import io.longwire.device.dispatcher.DispatcherProblem;

/**
 * One answer.
 *
 * @param code why it is a refusal; empty = it is none
 * @param retryAfterMillis 0 = no Retry-After header
 */
public record Reply(int status, String code, String contentType, byte[] body, long retryAfterMillis) {
    public static final String JSON = "application/json";
    public static final String PROBLEM_JSON = "application/problem+json";
    public static final String PROTOBUF = "application/x-protobuf";

    /** 200 with the message, in the form the caller asked for. */
    public static Reply ok(Request request, MessageLite message) {
        return request.protobuf()
                ? new Reply(200, "", PROTOBUF, message.toByteArray(), 0)
                : new Reply(200, "", JSON, Json.of(message), 0);
    }

    /** A refusal: {@code detail} is {@code name: value (expected: rule)}, {@code code} stands in docs/errors.md. */
    public static Reply refused(Request request, int status, String code, String detail, long retryAfterMillis) {
        var problem = DispatcherProblem.newBuilder().setStatus(status).setCode(code).setDetail(detail)
                .setRetryAfterMs((int) Math.min(retryAfterMillis, Integer.MAX_VALUE)).build();
        return request.protobuf()
                ? new Reply(status, code, PROTOBUF, problem.toByteArray(), retryAfterMillis)
                : new Reply(status, code, PROBLEM_JSON, Json.of(problem), retryAfterMillis);
    }
}
