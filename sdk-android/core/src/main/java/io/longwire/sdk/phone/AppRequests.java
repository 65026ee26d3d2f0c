package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.v1.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one app that wait for an answer of its product, at most {@link #COUNT}. Each is an uplink, which
 * {@link AppUplinks} sends; here is who waits and until when. Belongs to the loop.
 */
public final class AppRequests {
    /** Requests that wait. */
    public static final int COUNT = 100;

    /** What became of a request. */
    public enum Outcome {
        /** The product answered. */
        REPLIED,
        /** The product, or the platform, said no. */
        REFUSED,
        /** The request, or the answer, is larger than may be. */
        TOO_LARGE,
        /** There was no answer in time; the product may have the request all the same. */
        TIMEOUT,
        /** The room is of a version without requests; it was not sent. */
        UNSUPPORTED,
        /** There was no place for it here, and it was not sent. */
        FULL,
        /** The client ended first. */
        STOPPED
    }

    /** Hears once, on the loop, what became of a request. */
    public interface Done {
        void onDone(Outcome outcome, ByteString body, String reason);
    }

    /** One that waits; it hears of its uplink, too, and ends once. */
    final class Waiting implements AppUplinks.Done {
        private final long until; // elapsed milliseconds
        private final Done done;
        private long seq;
        private boolean ended;

        Waiting(long until, Done done) {
            this.until = until;
            this.done = done;
        }

        @Override
        public void onDone(AppUplinks.Outcome outcome, String reason) {
            switch (outcome) {
                case DURABLE :
                    return; // now the answer may come
                case FULL :
                    end(Outcome.FULL, ByteString.EMPTY, reason);
                    return;
                case EXPIRED :
                    end(Outcome.TIMEOUT, ByteString.EMPTY, reason);
                    return;
                case KEPT :
                    end(Outcome.STOPPED, ByteString.EMPTY, reason);
                    return;
                default :
                    end(Outcome.REFUSED, ByteString.EMPTY, reason);
            }
        }

        void end(Outcome outcome, ByteString body, String reason) {
            if (!ended) {
                ended = true;
                waiting.remove(seq);
                done.onDone(outcome, body, reason);
            }
        }
    }

    private final Parts parts;
    private final Map<Long, Waiting> waiting = new HashMap<>(); // by seq
    private long soonest = Long.MAX_VALUE; // none of them is over before

    AppRequests(Parts parts) {
        this.parts = parts;
    }

    /** Null if there are too many, which it was told then. */
    @Nullable
    Waiting begin(long timeoutMillis, Done done) {
        if (waiting.size() >= COUNT) {
            done.onDone(Outcome.FULL, ByteString.EMPTY, full());
            return null;
        }
        return new Waiting(parts.now() + timeoutMillis, done);
    }

    /** Whether nobody waits for an answer. */
    boolean isEmpty() { return waiting.isEmpty(); }

    /** Why one is not taken. */
    public static String full() {
        return "requests: too many wait (expected: at most " + COUNT + ")";
    }

    /** Its uplink is kept, under this seq. */
    void add(long seq, Waiting one) {
        one.seq = seq;
        waiting.put(seq, one);
        soonest = Math.min(soonest, one.until);
    }

    void answered(Reply reply) {
        Waiting one = waiting.get(reply.getSeq());
        if (one == null) {
            return;
        }
        if (reply.getCode() == Code.OK) {
            one.end(Outcome.REPLIED, reply.getBody(), "");
        } else {
            one.end(reply.getCode() == Code.TOO_LARGE ? Outcome.TOO_LARGE : Outcome.REFUSED, ByteString.EMPTY,
                    reply.getText());
        }
    }

    /** Ends those that have waited too long. Returns when the next is over, or may be. */
    long expire(long now) {
        if (now < soonest) {
            return soonest;
        }
        soonest = Long.MAX_VALUE;
        List<Waiting> over = new ArrayList<>();
        for (Waiting one : waiting.values()) {
            if (one.until <= now) {
                over.add(one);
            } else {
                soonest = Math.min(soonest, one.until);
            }
        }
        for (Waiting one : over) {
            one.end(Outcome.TIMEOUT, ByteString.EMPTY, "reply: none in time (expected: before the time-out)");
        }
        return soonest;
    }

    /** The client ends. */
    void close() {
        for (Waiting one : new ArrayList<>(waiting.values())) {
            one.end(Outcome.STOPPED, ByteString.EMPTY, "stopped before the product answered");
        }
    }
}
