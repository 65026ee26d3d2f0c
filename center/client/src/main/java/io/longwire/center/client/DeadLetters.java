package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.ListDeadLettersRequest;
import io.longwire.rpc.center.ResendDeadLetterRequest;
import java.time.Duration;

/** The dead letters of the app. Thread-safe. */
public final class DeadLetters {
    private final Calls calls;

    DeadLetters(Calls calls) {
        this.calls = calls;
    }

    /**
     * @param endpoint only of this one; empty = of all
     * @param cursor of the page before; empty = from the beginning
     */
    public Answer<Page<DeadLetter>> list(String endpoint, String cursor, int limit) {
        var request = ListDeadLettersRequest.newBuilder().setEndpoint(endpoint).setCursor(cursor).setLimit(limit)
                .build();
        return calls.call(CenterGrpc.getListDeadLettersMethod(), request, Repeat.ALWAYS).map(reply -> new Page<>(
                reply.getLettersList().stream().map(DeadLetter::of).toList(), reply.getCursor()));
    }

    /** Sends it again as a new message, with a ttl of its own. Once: asked twice it answers with the first. */
    public Answer<Sent> resend(String messageId, String endpoint, Duration ttl) {
        var request = ResendDeadLetterRequest.newBuilder().setMessageId(messageId).setEndpoint(endpoint)
                .setTtl(Times.text("ttl", ttl)).build();
        return calls.call(CenterGrpc.getResendDeadLetterMethod(), request, Repeat.ALWAYS)
                .map(Sent::of);
    }
}
