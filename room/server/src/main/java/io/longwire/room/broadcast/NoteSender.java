package io.longwire.room.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.RoomMetric;
import io.longwire.rpc.saver.BroadcastNote;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.NoteKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Brings to the savers who acked, saw and clicked broadcasts: every second what the loops have handed over, one call
 * at a time, at most 1 MB in it; what fails is sent again with the next. At most 64 MB wait; beyond that the newest are
 * dropped and counted, as is what a full queue refuses: statistics, never a message. {@link #take} is for loops and
 * never blocks; the rest is under its lock on the executor's threads.
 */
public final class NoteSender implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int QUEUE = 16 * 1024;
    private static final long WAITING_BYTES = 64L * 1024 * 1024;
    private static final int NOTE_BYTES = 512 * 1024;
    private static final int CALL_BYTES = 1024 * 1024;

    /** What a loop hands over, for good. */
    record Note(int appId, long broadcastId, NoteKind kind, RoaringBitmap ords) {
    }

    private record Key(int appId, long broadcastId, NoteKind kind) {
    }

    private final BroadcastStore store;
    private final Executor executor;
    private final Queue<Note> handed = new MpscArrayQueue<>(QUEUE);
    private final Map<Key, RoaringBitmap> waiting = new HashMap<>(); // guarded by this, as what follows
    private long waitingBytes;
    private boolean underWay;
    private final Counter dropped;
    private final Counter sent;
    private final Counter retried;
    private final Clock.Cancellable timer;

    /** @param executor where bitmaps are merged and written; the clock's thread has no time for it */
    public NoteSender(BroadcastStore store, Clock clock, Executor executor, Metrics metrics) {
        this.store = store;
        this.executor = executor;
        this.dropped = metrics.counter(RoomMetric.NOTES_DROPPED);
        this.sent = metrics.counter(RoomMetric.NOTES_SENT);
        this.retried = metrics.counter(RoomMetric.NOTES_RETRIED);
        this.timer = clock.every(PERIOD, () -> executor.execute(this::send));
    }

    /** Takes over what a loop has gathered. Any thread. */
    void take(Note note) {
        if (!handed.offer(note)) {
            dropped.add(note.ords.getLongCardinality());
        }
    }

    /** Sends what is there once more, without waiting for the answer. */
    @Override
    public void close() {
        timer.cancel();
        send();
    }

    private synchronized void send() {
        merge();
        if (underWay || waiting.isEmpty()) {
            return;
        }
        var batch = new ArrayList<Note>();
        var notes = BroadcastNotes.newBuilder();
        int bytes = 0;
        for (Map.Entry<Key, RoaringBitmap> entry : List.copyOf(waiting.entrySet())) {
            if (bytes >= CALL_BYTES) {
                break;
            }
            Key key = entry.getKey();
            RoaringBitmap part = atMost(entry.getValue());
            forget(key, part);
            batch.add(new Note(key.appId, key.broadcastId, key.kind, part));
            ByteString ords = bytes(part);
            bytes += ords.size();
            notes.addNotes(BroadcastNote.newBuilder().setAppId(key.appId).setBroadcastId(key.broadcastId)
                    .setKind(key.kind).setOrds(ords));
        }
        underWay = true;
        store.addNotes(notes.build())
                .whenComplete((done, failure) -> executor.execute(() -> onAnswer(batch, failure)));
    }

    private void onAnswer(List<Note> batch, @Nullable Throwable failure) {
        synchronized (this) {
            underWay = false;
            if (failure != null) {
                retried.increment();
                batch.forEach(this::keep);
                return;
            }
            batch.forEach(note -> sent.add(note.ords.getLongCardinality()));
            if (waiting.isEmpty()) {
                return;
            }
        }
        send(); // more than one call's worth
    }

    private void merge() {
        waitingBytes = 0;
        waiting.values().forEach(ords -> waitingBytes += ords.getLongSizeInBytes());
        Note note;
        while ((note = handed.poll()) != null) {
            keep(note);
        }
    }

    private void keep(Note note) {
        if (waitingBytes > WAITING_BYTES) {
            dropped.add(note.ords.getLongCardinality());
            return;
        }
        waitingBytes += note.ords.getLongSizeInBytes(); // at most: what is there already is counted twice
        waiting.computeIfAbsent(new Key(note.appId, note.broadcastId, note.kind), none -> new RoaringBitmap())
                .or(note.ords);
    }

    private void forget(Key key, RoaringBitmap part) {
        RoaringBitmap all = waiting.get(key);
        if (all != null) {
            all.andNot(part);
            if (all.isEmpty()) {
                waiting.remove(key);
            }
        }
    }

    private static RoaringBitmap atMost(RoaringBitmap all) {
        RoaringBitmap part = all.clone();
        while (part.serializedSizeInBytes() > NOTE_BYTES) {
            part = part.limit(part.getCardinality() / 2);
        }
        return part;
    }

    private static ByteString bytes(RoaringBitmap ords) {
        ords.runOptimize();
        ByteBuffer buffer = ByteBuffer.allocate(ords.serializedSizeInBytes());
        ords.serialize(buffer);
        return ByteString.copyFrom(buffer.flip());
    }
}
