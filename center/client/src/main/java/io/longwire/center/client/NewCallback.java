package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.PutCallbackRequest;
import java.time.Duration;
import java.util.List;

/** Where events of a type are to be sent. Immutable. */
public final class NewCallback {
    private final PutCallbackRequest request;

    private NewCallback(PutCallbackRequest.Builder request) {
        this.request = request.build();
    }

    /** With the usual batch (100), time (10 s), attempts (100) and requests at once (8), and the secrets it has. */
    public static NewCallback of(String type, String url) {
        return new NewCallback(PutCallbackRequest.newBuilder().setType(type).setUrl(url));
    }

    /** One, or two while the backend changes from one to the other: every request is signed with each. */
    public NewCallback secrets(List<String> secrets) {
        return new NewCallback(request.toBuilder().clearSecrets().addAllSecrets(secrets));
    }

    /** Events of a request, 1 to 100. */
    public NewCallback batch(int events) {
        return new NewCallback(request.toBuilder().setBatch(events));
    }

    /** For a whole request, 100 ms to 60 s. */
    public NewCallback timeout(Duration time) {
        return new NewCallback(request.toBuilder().setTimeout(Times.text("timeout", time)));
    }

    /** After so many an event becomes a dead letter, 1 to 1,000. */
    public NewCallback maxAttempts(int attempts) {
        return new NewCallback(request.toBuilder().setMaxAttempts(attempts));
    }

    /** Requests at once, for each coordinator, 1 to 64. */
    public NewCallback concurrency(int requests) {
        return new NewCallback(request.toBuilder().setConcurrency(requests));
    }

    PutCallbackRequest request() {
        return request;
    }
}
