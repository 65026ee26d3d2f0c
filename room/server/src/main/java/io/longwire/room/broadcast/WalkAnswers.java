package io.longwire.room.broadcast;

import io.longwire.device.v1.AckStatus;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.rpc.saver.NoteKind;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * What phones made of one broadcast on one loop: the first ack of each endpoint is counted, every one goes to the
 * savers as a bit, and who hung up soon after the write is counted while a canary watches that. Owner: the loop.
 */
final class WalkAnswers {
    private static final int DROP_TICKS = 10 * Loop.TICKS_PER_SECOND;
    private static final int DROPS_WATCHED = 100_000;
    private static final long NONE = Long.MIN_VALUE;

    private final Notes notes = new Notes();
    private final Long2LongHashMap writtenAt = new Long2LongHashMap(NONE); // tick by handle, of the last 10 s
    private @Nullable RoaringBitmap answered = new RoaringBitmap();

    /** An ack that is not DEFERRED. */
    void onAck(int ord, int status, WalkCounts counts) {
        boolean first = answered != null && answered.checkedAdd(ord);
        switch (status) {
            case AckStatus.ACK_APP_MISSING_VALUE, AckStatus.ACK_DECRYPT_FAILED_VALUE,
                    AckStatus.ACK_DROPPED_BY_USER_VALUE ->
                counts.failed[status] += first ? 1 : 0;
            default -> {
                counts.acked += first ? 1 : 0;
                notes.add(NoteKind.NOTE_ACKED, ord);
                if (status == AckStatus.ACK_SHOWN_VALUE) {
                    notes.add(NoteKind.NOTE_SHOWN, ord);
                } else if (status == AckStatus.ACK_CLICKED_VALUE) {
                    notes.add(NoteKind.NOTE_CLICKED, ord);
                }
            }
        }
    }

    /** Nobody asks this loop for its counts any more. */
    void stopCounting() {
        answered = null;
    }

    void wrote(Connection connection, int now) {
        if (writtenAt.size() < DROPS_WATCHED) {
            writtenAt.put(connection.handle(), now);
        }
    }

    /** A phone hung up. */
    void onDropped(Connection connection, int now, WalkCounts counts) {
        if (!writtenAt.isEmpty()) {
            long at = writtenAt.remove(connection.handle());
            counts.droppedAfter += at != NONE && now - at <= DROP_TICKS ? 1 : 0;
        }
    }

    /** Once a second: what can be given away is, what is too old is forgotten. */
    void onSecond(ActiveBroadcast of, int now, NoteSender sender) {
        notes.handOver(of, sender);
        if (!writtenAt.isEmpty()) {
            long oldest = now - (long) DROP_TICKS;
            writtenAt.values().removeIfLong(at -> at < oldest);
        }
    }
}
