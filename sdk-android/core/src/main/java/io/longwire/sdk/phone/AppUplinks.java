package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.Uplink;
import io.longwire.sdk.store.UplinkLog;
import io.longwire.sdk.store.v1.UplinkRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one app sends to its product: what waits, what is on its way, and who wants to hear of it. Kept on the disk
 * before it is sent and until the platform has it; sent in order. {@link Uplinks} does the sending. Belongs to the
 * loop.
 */
public final class AppUplinks {
    /** The longest that an uplink is kept. */
    public static final long KEEP_MAX_MILLIS = 30 * 86_400_000L;

    /** What became of an uplink. */
    public enum Outcome {
        /** The platform has it. */
        DURABLE,
        /** There was no place for it here, and it was not sent. */
        FULL,
        /** The platform will never take it. */
        REFUSED,
        /** It was not taken in time. */
        EXPIRED,
        /** The client ended first; it is kept, and sent after the next start. */
        KEPT
    }

    /** Hears once, on the loop, what became of an uplink. */
    public interface Done {
        void onDone(Outcome outcome, String reason);
    }

    /** One that waits, perhaps for its reply. */
    private static final class Entry {
        private final UplinkRecord record;
        private final long until; // elapsed milliseconds
        private final @Nullable Done done; // null = of an earlier process
        private final AppRequests.@Nullable Waiting asks; // null = waits for no answer of the product
        private boolean sent;

        Entry(UplinkRecord record, long until, @Nullable Done done, AppRequests.@Nullable Waiting asks) {
            this.record = record;
            this.until = until;
            this.done = done;
            this.asks = asks;
        }
    }

    private final Parts parts;
    private final UplinkLog log;
    private final AppRequests requests;
    private final Map<Long, Entry> entries = new LinkedHashMap<>(); // by seq, in order
    private boolean closed;
    private long soonest = Long.MAX_VALUE; // no uplink that may expire does so before

    /** Pauses after failures; {@link Uplinks} writes them. */
    int failures;
    long notBefore;

    AppUplinks(Parts parts, UplinkLog log) {
        this.parts = parts;
        this.log = log;
        this.requests = new AppRequests(parts);
        for (UplinkRecord one : log.waiting()) {
            long left = Math.min(KEEP_MAX_MILLIS, one.getExpireAtMs() - parts.time.nowMillis());
            put(new Entry(one, parts.now() + left, null, null));
        }
    }

    /** Keeps an uplink until the platform has it, or so long. */
    void send(String type, ByteString body, long keepMillis, Done done) {
        keep(type, body, keepMillis, done, null);
    }

    /**
     * Asks the product something. Kept as an uplink is, so long as the app waits; after a restart of the process, when
     * nobody does, it goes as one.
     */
    void request(String type, ByteString body, long timeoutMillis, AppRequests.Done done) {
        AppRequests.Waiting one = requests.begin(timeoutMillis, done);
        if (one != null) {
            keep(type, body, timeoutMillis, one, one);
        }
    }

    private void keep(String type, ByteString body, long keepMillis, Done done, AppRequests.@Nullable Waiting asks) {
        if (closed) {
            done.onDone(Outcome.REFUSED, "app: left (expected: on a phone that runs)");
            return;
        }
        if (!log.hasRoomFor(body.size())) {
            done.onDone(Outcome.FULL, full());
            return;
        }
        try {
            long now = parts.time.nowMillis();
            UplinkRecord record = log.add(type, body, now + keepMillis, now);
            // By what elapses and not by the clock: a server may tell tomorrow that this phone lives in 1970.
            put(new Entry(record, parts.now() + keepMillis, done, asks));
            if (asks != null) {
                requests.add(record.getSeq(), asks);
            }
        } catch (IOException full) {
            parts.storeProblem(full);
            done.onDone(Outcome.FULL, "store: " + full.getMessage() + " (expected: room on the disk)");
        }
    }

    private void put(Entry one) {
        entries.put(one.record.getSeq(), one);
        soonest = Math.min(soonest, one.until);
    }

    /** Whether all has been said, and all that was asked was answered. */
    boolean isSettled() {
        return entries.isEmpty() && requests.isEmpty();
    }

    /** Why one is not taken. */
    public static String full() {
        return "uplinks: too many wait (expected: at most " + UplinkLog.COUNT + " and " + UplinkLog.BYTES + " bytes)";
    }

    /**
     * The next one to send, marked as sent.
     *
     * @param bytes its body may have
     * @param replies whether the room brings replies; if not, requests end here
     * @return null when none waits, or the next one is larger than that
     */
    @Nullable
    Uplink next(long request, long endpointId, int bytes, boolean replies) {
        Entry first = firstUnsent();
        while (first != null && first.asks != null && !replies) {
            String reason = "requests: not known to the room (expected: one of a later version)";
            first.asks.end(AppRequests.Outcome.UNSUPPORTED, ByteString.EMPTY, reason);
            end(first.record.getSeq(), Outcome.REFUSED, reason);
            first = firstUnsent();
        }
        if (first == null || first.record.getBody().size() > bytes) {
            return null;
        }
        first.sent = true;
        return Uplink.newBuilder().setReqId(request).setEndpointId(endpointId).setSeq(first.record.getSeq())
                .setTopic(first.record.getType()).setBody(first.record.getBody())
                .setTimeoutMs(first.asks == null ? 0 : (int) Math.max(1, first.until - parts.now())).build();
    }

    /** Whether any is to be sent. */
    boolean waits() {
        return firstUnsent() != null;
    }

    private @Nullable Entry firstUnsent() {
        for (Entry one : entries.values()) {
            if (!one.sent) {
                return one;
            }
        }
        return null;
    }

    /** The platform has it. */
    void durable(long seq) {
        end(seq, Outcome.DURABLE, "");
    }

    /** It will never be taken. */
    void refused(long seq, int code, String reason) {
        Entry one = entries.get(seq);
        if (one != null && one.asks != null && code == Code.TOO_LARGE) {
            one.asks.end(AppRequests.Outcome.TOO_LARGE, ByteString.EMPTY, reason);
        }
        end(seq, Outcome.REFUSED, reason);
    }

    /** The product has answered: so the platform has the request, whether it has said so or not. */
    void answered(Reply reply) {
        Entry one = entries.get(reply.getSeq());
        if (one != null && one.asks != null) {
            end(reply.getSeq(), Outcome.DURABLE, "");
        }
        requests.answered(reply);
    }

    /** It is not known whether it was taken: it goes again. */
    void giveUp(long seq) {
        Entry one = entries.get(seq);
        if (one != null) {
            unsent(one);
        }
    }

    /** As {@link #giveUp(long)}, of all. */
    void giveUp() {
        for (Entry one : entries.values()) {
            unsent(one);
        }
    }

    private void unsent(Entry one) {
        if (one.sent) {
            one.sent = false;
            soonest = Math.min(soonest, one.until);
        }
    }

    /** Drops what has waited too long, but for what is on its way. Returns when the next is due, or may be. */
    long expire(long now) {
        return Math.min(requests.expire(now), expireUplinks(now));
    }

    private long expireUplinks(long now) {
        if (now < soonest) {
            return soonest;
        }
        soonest = Long.MAX_VALUE;
        List<Long> over = new ArrayList<>();
        for (Entry one : entries.values()) {
            if (!one.sent && one.until <= now) {
                over.add(one.record.getSeq());
            } else if (!one.sent) {
                soonest = Math.min(soonest, one.until);
            }
        }
        for (long seq : over) {
            end(seq, Outcome.EXPIRED, "uplink: not taken in time (expected: a connection)");
        }
        return soonest;
    }

    /** The client ends. */
    void close() {
        closed = true;
        requests.close();
        Iterator<Entry> all = new ArrayList<>(entries.values()).iterator();
        entries.clear();
        soonest = Long.MAX_VALUE;
        while (all.hasNext()) {
            Done done = all.next().done;
            if (done != null) {
                done.onDone(Outcome.KEPT, "stopped before the platform answered");
            }
        }
    }

    private void end(long seq, Outcome outcome, String reason) {
        Entry one = entries.remove(seq);
        if (one == null) {
            return;
        }
        try {
            log.done(seq);
        } catch (IOException full) {
            parts.storeProblem(full);
        }
        if (outcome != Outcome.DURABLE) {
            parts.events.onProblem("uplink " + one.record.getType() + ": " + outcome + ", it was dropped: " + reason);
        }
        if (one.done != null) {
            one.done.onDone(outcome, reason);
        }
    }
}
