package io.longwire.center.client;

import com.google.protobuf.ByteString;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.ReplyToEventRequest;

/**
 * Answers requests of apps, named by the {@code reply_to} of their events. A reply goes to the phone that waits and is
 * stored nowhere; the answer says what became of it. The key needs the scope {@code receive}. Thread-safe.
 */
public final class Replies {
    private final Calls calls;

    Replies(Calls calls) {
        this.calls = calls;
    }

    /** At most 4 KiB. Fails with {@code invalid_argument} for a {@code replyTo} that is not of this app. */
    public Answer<ReplyState> send(String replyTo, byte[] body) {
        return call(ReplyToEventRequest.newBuilder().setReplyTo(replyTo).setBody(ByteString.copyFrom(body)));
    }

    /** The app gets no answer but this reason, of 1 to 256 characters. */
    public Answer<ReplyState> refuse(String replyTo, String reason) {
        return call(ReplyToEventRequest.newBuilder().setReplyTo(replyTo).setRefuse(reason));
    }

    // What comes twice the phone takes once.
    private Answer<ReplyState> call(ReplyToEventRequest.Builder request) {
        return calls.call(CenterGrpc.getReplyToEventMethod(), request.build(), Repeat.ALWAYS)
                .map(reply -> ReplyState.of(reply.getState()));
    }
}
