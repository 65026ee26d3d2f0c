package io.longwire.coordinator.client.consume;

import com.google.protobuf.ByteString;
import java.time.Duration;

/** What is to become of an event. */
public sealed interface Verdict {
    /** Bytes of a reply, at most. */
    int MAX_REPLY = 4_096;
    /** Characters of a refusal, at most. */
    int MAX_REFUSAL = 256;

    /** Done: it never comes again in this channel. */
    Verdict FIN = new Fin();

    /** Not now: it comes again after the delay, up to an hour, with the next attempt. */
    static Verdict again(Duration delay) {
        return new Again(delay);
    }

    /** Done, and this is the answer for the app that asked; of an event that asks nothing: done. At most 4 KiB. */
    static Verdict reply(byte[] body) {
        return new Reply(ByteString.copyFrom(body), "");
    }

    /** Done, and the app that asked gets no answer but this reason, of 1 to 256 characters. */
    static Verdict refuse(String reason) {
        return new Reply(ByteString.EMPTY, reason);
    }

    /** Nothing is said: it comes again when its time in flight is over. */
    Verdict LEAVE = new Leave();

    /** See {@link #FIN}. */
    record Fin() implements Verdict {
    }

    /** See {@link #again}. */
    record Again(Duration delay) implements Verdict {
    }

    /** See {@link #reply} and {@link #refuse}. */
    record Reply(ByteString body, String refuse) implements Verdict {
        public Reply {
            if (body.size() > MAX_REPLY || refuse.length() > MAX_REFUSAL) {
                throw new IllegalArgumentException("reply: " + body.size() + " bytes, refuse: " + refuse.length()
                        + " characters (expected: at most " + MAX_REPLY + " and " + MAX_REFUSAL + ")");
            }
        }
    }

    /** See {@link #LEAVE}. */
    record Leave() implements Verdict {
    }
}
