package io.longwire.center.refuse;

import io.grpc.Status;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Every reason for which a call is refused. The name in lower case is the {@code code} of the answer: callers
 * build on it, so a name never changes. docs/errors.md lists them.
 */
public enum Why {
    /** A value breaks its rule; the detail names value and rule. */
    INVALID_ARGUMENT(400, Status.Code.INVALID_ARGUMENT, "The request breaks a rule"),
    /** No key, an unknown, an expired or a revoked one. */
    UNAUTHENTICATED(401, Status.Code.UNAUTHENTICATED, "The API key is missing or not valid"),
    /** The key is good, but not for this. */
    FORBIDDEN(403, Status.Code.PERMISSION_DENIED, "The API key may not do this"),
    /** Nothing is served under that path. */
    NO_SUCH_PATH(404, Status.Code.UNIMPLEMENTED, "There is no such path"),
    /** The endpoint was never given to this app. */
    UNKNOWN_ENDPOINT(404, Status.Code.NOT_FOUND, "There is no such endpoint"),
    /** The message never went to that endpoint, from this app. */
    UNKNOWN_MESSAGE(404, Status.Code.NOT_FOUND, "There is no such message"),
    /** The endpoint's app has registered none: payloads cannot be sealed for it. */
    NO_PAYLOAD_KEY(404, Status.Code.NOT_FOUND, "The endpoint has no payload key"),
    /** There is no such app. */
    UNKNOWN_APP(404, Status.Code.NOT_FOUND, "There is no such app"),
    /** There is no such schedule of this app. */
    UNKNOWN_SCHEDULE(404, Status.Code.NOT_FOUND, "There is no such schedule"),
    /** There is no such broadcast of this app. */
    UNKNOWN_BROADCAST(404, Status.Code.NOT_FOUND, "There is no such broadcast"),
    /** There is no such list of this app. */
    UNKNOWN_LIST(404, Status.Code.NOT_FOUND, "There is no such list"),
    /** There is no such ban, or it is over. */
    UNKNOWN_BAN(404, Status.Code.NOT_FOUND, "There is no such ban"),
    /** That type of that app has no callback. */
    UNKNOWN_CALLBACK(404, Status.Code.NOT_FOUND, "There is no such callback"),
    /** There is no such API key of that app. */
    UNKNOWN_KEY(404, Status.Code.NOT_FOUND, "There is no such API key"),
    /** The path exists, with another method. */
    METHOD_NOT_ALLOWED(405, Status.Code.UNIMPLEMENTED, "The path does not take this method"),
    /** The idempotency key was used with another body. */
    IDEMPOTENCY_CONFLICT(409, Status.Code.ALREADY_EXISTS, "The idempotency key was used with another body"),
    /** There are as many of it as there may be; the detail says of what. */
    LIMIT_REACHED(409, Status.Code.FAILED_PRECONDITION, "There are as many as there may be"),
    /** What is asked for cannot be done to it as it is now: a second start, a change of what is over. */
    WRONG_STATE(409, Status.Code.FAILED_PRECONDITION, "That cannot be done in its present state"),
    /** The endpoint's policy refused the message; it ended REJECTED in the ledger. */
    REJECTED(409, Status.Code.FAILED_PRECONDITION, "The endpoint does not take the message"),
    /** The endpoint is banned; nothing was stored. */
    BLOCKED(409, Status.Code.FAILED_PRECONDITION, "The endpoint is banned"),
    /** The alias is banned, or another endpoint has it and keeps it. */
    ALIAS_REFUSED(409, Status.Code.FAILED_PRECONDITION, "The endpoint may not have the alias"),
    /** The message ended, and its timeline is past its keeping time. */
    TIMELINE_ERASED(410, Status.Code.NOT_FOUND, "The timeline was erased after its keeping time"),
    /** Body, payload or list above its bound. */
    TOO_LARGE(413, Status.Code.INVALID_ARGUMENT, "Too large"),
    /** The app's quota is used up; retry_after_ms says when there is more. */
    QUOTA_EXCEEDED(429, Status.Code.RESOURCE_EXHAUSTED, "The app's quota is used up"),
    /** A fault of ours, logged. */
    INTERNAL(500, Status.Code.INTERNAL, "The server failed on the request"),
    /** More work in flight than this process may hold; nothing was stored. */
    BUSY(503, Status.Code.UNAVAILABLE, "Too much work at the moment"),
    /** This process is cut off from its cluster; another one serves. Nothing was stored. */
    NOT_SERVING(503, Status.Code.UNAVAILABLE, "This process does not serve at the moment"),
    /**
     * A part behind the API does not answer. What was to be stored may have been: ask again with an idempotency
     * key.
     */
    UNAVAILABLE(503, Status.Code.UNAVAILABLE, "A part behind the API does not answer"),
    /** As UNAVAILABLE, after the time a call may take. */
    TIMED_OUT(503, Status.Code.DEADLINE_EXCEEDED, "The call took too long");

    private static final int SERVER_ERRORS = 500;

    private final int http;
    private final Status.Code grpc;
    private final String title;
    private final String code = name().toLowerCase(Locale.ROOT);

    Why(int http, Status.Code grpc, String title) {
        this.http = http;
        this.grpc = grpc;
        this.title = title;
    }

    public int http() {
        return http;
    }

    public Status.Code grpc() {
        return grpc;
    }

    public String title() {
        return title;
    }

    public String code() {
        return code;
    }

    /** The codes of what callers do wrong, or ask of what is not so: they say nothing about how center fares. */
    public static String[] codesOfCallers() {
        return Stream.of(values()).filter(why -> why.http < SERVER_ERRORS).map(Why::code).toArray(String[]::new);
    }
}
