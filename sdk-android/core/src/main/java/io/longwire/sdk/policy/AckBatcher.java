package io.longwire.sdk.policy;

import io.longwire.device.Limits;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.EndpointAck;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the answers to the pushes of one socket into few ACK frames: at {@link #ITEMS} answers,
 * {@link #DELAY_MILLIS} after the first, or at once for an urgent one. That is well inside the time the radio stays
 * awake after a push, so waiting costs no wake-up.
 *
 * <p>A push is STORED when {@code upto_seq} passes it, so upto never passes one that is not answered; answered ones
 * above it are named in {@code extra_seq}. What is not STORED, or has no seq, is named by message id or broadcast
 * sequence.
 *
 * <p>A message whose ack is lost comes again; a broadcast does not, for the next binding says that the phone has it. So
 * the acks of broadcasts are kept until a ping that was sent behind them is answered, and go to the next socket if this
 * one ends before. Whoever counts acks counts each endpoint once.
 */
public final class AckBatcher {
    /** Answers that fill a batch: half of what a room sends one endpoint un-acked, so that a backlog never stalls. */
    public static final int ITEMS = Limits.UNACKED_ENDPOINT / 2;
    /** The oldest answer waits so long. */
    public static final long DELAY_MILLIS = 500;
    /** So many acks of broadcasts are kept until they are known to have arrived; then the oldest is forgotten. */
    public static final int UNSURE_MAX = Limits.BROADCASTS_SEEN;
    /** Nothing waits. */
    public static final long NEVER = Long.MAX_VALUE;

    private final TreeSet<Long> open = new TreeSet<>();
    private final TreeSet<Long> extra = new TreeSet<>();
    private final List<Answer> waiting = new ArrayList<>();
    private final Deque<Unsure> unsure = new ArrayDeque<>();
    private int pings;
    private int pongs;
    private long highest;
    private long dueAt = NEVER;

    /** What became of one push. Immutable. */
    public static final class Answer {
        private final long endpointId;
        private final long messageId;
        private final long seq;
        private final long broadcast;
        private final AckStatus status;

        /**
         * @param seq of the push on this socket; 0 = it had none
         * @param broadcast its broadcast sequence; 0 = none
         */
        public Answer(long endpointId, long messageId, long seq, long broadcast, AckStatus status) {
            this.endpointId = endpointId;
            this.messageId = messageId;
            this.seq = seq;
            this.broadcast = broadcast;
            this.status = status;
        }

        public long endpointId() {
            return endpointId;
        }

        public long messageId() {
            return messageId;
        }

        public long seq() {
            return seq;
        }

        public AckStatus status() {
            return status;
        }

        /** Whether it says what became of the message after its ack. */
        public boolean isReport() {
            return status == AckStatus.ACK_SHOWN || status == AckStatus.ACK_CLICKED;
        }

        /** The same, to be named by its ids on another socket. */
        public Answer withoutSeq() {
            return new Answer(endpointId, messageId, 0, broadcast, status);
        }
    }

    /** An ack of a broadcast that was sent behind so many pings. */
    private static final class Unsure {
        private final Answer answer;
        private final int pings;

        Unsure(Answer answer, int pings) {
            this.answer = answer;
            this.pings = pings;
        }
    }

    /** A ping is sent, behind every ack that was taken. */
    public void pinged() {
        pings++;
    }

    /** The answer to a ping came: what was sent before that ping has arrived. */
    public void ponged() {
        pongs++;
        while (!unsure.isEmpty() && unsure.element().pings < pongs) {
            unsure.remove();
        }
    }

    /**
     * A push with this seq came.
     *
     * @return false when one is missing before it: the peer broke the protocol, nothing more may be acked
     */
    public boolean received(long seq) {
        if (seq > highest + 1) {
            return false;
        }
        if (seq == highest + 1) {
            highest = seq;
            open.add(seq);
        }
        return true;
    }

    /** What became of a push. A seq that was answered before is answered again, by id. */
    public void answer(Answer answer, boolean urgent, long nowMillis) {
        Answer kept = answer.seq == 0 || open.remove(answer.seq) ? answer : answer.withoutSeq();
        waiting.add(kept);
        if (kept.seq != 0 && kept.status == AckStatus.ACK_STORED) {
            extra.add(kept.seq);
        }
        if (urgent || waiting.size() >= ITEMS) {
            dueAt = nowMillis;
        } else if (dueAt == NEVER) {
            dueAt = nowMillis + DELAY_MILLIS;
        }
    }

    /** When to send what waits; {@link #NEVER} = nothing does. */
    public long dueAt() {
        return dueAt;
    }

    /** The frame to send now, or null when nothing waits. */
    public @Nullable Ack take() {
        if (waiting.isEmpty()) {
            return null;
        }
        Ack.Builder ack = Ack.newBuilder();
        long reached = open.isEmpty() ? highest : open.first() - 1;
        for (Answer one : waiting) {
            if (one.seq == 0 || one.status != AckStatus.ACK_STORED) {
                add(ack, one);
            }
            keepUnsure(one);
        }
        extra.headSet(reached, true).clear();
        ack.addAllExtraSeq(extra);
        extra.clear();
        ack.setUptoSeq(reached);
        waiting.clear();
        dueAt = NEVER;
        return ack.build();
    }

    private void keepUnsure(Answer one) {
        boolean has = one.status == AckStatus.ACK_STORED || one.status == AckStatus.ACK_REVOKE_LATE;
        if (one.broadcast == 0 || !has) {
            return;
        }
        if (unsure.size() == UNSURE_MAX) {
            unsure.remove();
        }
        unsure.add(new Unsure(one, pings));
    }

    /** What was not sent or may not have arrived, by ids, for the next socket; this one is over. */
    public List<Answer> leftovers() {
        List<Answer> left = new ArrayList<>(unsure.size() + waiting.size());
        for (Unsure one : unsure) {
            left.add(one.answer.withoutSeq());
        }
        unsure.clear();
        for (Answer one : waiting) {
            left.add(one.withoutSeq());
        }
        waiting.clear();
        dueAt = NEVER;
        return left;
    }

    /** Pushes of this socket that were not answered yet. */
    public int open() {
        return open.size();
    }

    private static void add(Ack.Builder ack, Answer one) {
        if (one.broadcast == 0 && one.messageId == 0) {
            return;
        }
        int at = ack.getEndpointAcksCount() - 1;
        boolean fits = at >= 0 && ack.getEndpointAcks(at).getEndpointId() == one.endpointId
                && ack.getEndpointAcks(at).getStatus() == one.status;
        EndpointAck.Builder group = fits
                ? ack.getEndpointAcks(at).toBuilder()
                : EndpointAck.newBuilder().setEndpointId(one.endpointId).setStatus(one.status);
        if (one.broadcast != 0) {
            group.addBcastSeqs(one.broadcast);
        } else {
            group.addMessageIds(one.messageId);
        }
        if (fits) {
            ack.setEndpointAcks(at, group);
        } else {
            ack.addEndpointAcks(group);
        }
    }
}
