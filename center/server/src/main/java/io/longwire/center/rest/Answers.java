package io.longwire.center.rest;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.longwire.center.access.Quota;
import io.longwire.center.api.Problems;
import io.longwire.center.json.JsonWriter;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/** HTTP answers, good and bad. Static, any thread. */
public final class Answers {
    private static final MediaType PROBLEM = MediaType.parse("application/problem+json");
    private static final CharSequence LIMIT = HttpHeaderNames.of("ratelimit-limit");
    private static final CharSequence REMAINING = HttpHeaderNames.of("ratelimit-remaining");
    private static final CharSequence RESET = HttpHeaderNames.of("ratelimit-reset");
    private static final CharSequence POLICY = HttpHeaderNames.of("ratelimit-policy");

    private Answers() {
    }

    static HttpResponse ok(Message answer, @Nullable Quota quota) {
        byte[] body = JsonWriter.bytes(answer);
        return HttpResponse.of(headers(HttpStatus.OK, MediaType.JSON, body, quota).build(), HttpData.wrap(body));
    }

    /** RFC 9457. */
    public static HttpResponse problem(Refused refused, @Nullable Quota quota) {
        byte[] body = problemBody(refused);
        var headers = headers(HttpStatus.valueOf(refused.why().http()), PROBLEM, body, quota);
        if (refused.retryAfterMillis() > 0) {
            headers.setLong(HttpHeaderNames.RETRY_AFTER, Math.ceilDiv(refused.retryAfterMillis(), 1000));
        }
        if (refused.why() == Why.UNAUTHENTICATED) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        return HttpResponse.of(headers.build(), HttpData.wrap(body));
    }

    /** The headers of a refusal of ours that has no quota to tell. */
    public static ResponseHeaders problemHeaders(Refused refused) {
        return headers(HttpStatus.valueOf(refused.why().http()), PROBLEM, problemBody(refused), null).build();
    }

    public static byte[] problemBody(Refused refused) {
        return JsonWriter.bytes(Problems.problem(refused));
    }

    private static ResponseHeadersBuilder headers(HttpStatus status, MediaType type, byte[] body,
            @Nullable Quota quota) {
        var headers = ResponseHeaders.builder(status).contentType(type).contentLength(body.length);
        if (quota != null) {
            quota(quota, headers::setObject);
        }
        return headers;
    }

    /** What is left of the app's sends, in the headers of the IETF draft (its third to seventh edition). */
    public static void quota(Quota quota, BiConsumer<CharSequence, Object> headers) {
        headers.accept(LIMIT, quota.limit());
        headers.accept(REMAINING, quota.remaining());
        headers.accept(RESET, quota.resetSeconds());
        headers.accept(POLICY, quota.limit() + ";w=1");
    }
}
