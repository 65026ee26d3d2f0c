package io.longwire.saver.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.BroadcastNote;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.watch.SaverMetric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.roaringbitmap.ContainerPointer;
import org.roaringbitmap.RoaringBitmap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who acked, showed, clicked. The bits of a call are cut into chunks of 65,536 ordinals; a chunk that waits to be
 * written takes the bits of every further call, so however many rooms tell at once, there is one write per chunk, and
 * the slower the ledger, the more goes into each. A call completes when all its bits are committed; bits may be told
 * again. Bounded: {@value #CHUNKS} chunks of at most 8 KB wait, then calls fail with BUSY and are made again. Nothing
 * blocks the caller.
 */
public final class Notes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notes.class);
    private static final int CHUNKS = 32_000;
    private static final long CHUNK = 1 << 16;
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(2, CHUNKS, 64 << 20, Duration.ofMillis(100),
            Duration.ofSeconds(2));

    private final BatchQueue<NoteChunk, Boolean> ledger;
    private final ConcurrentHashMap<NoteChunk.Key, NoteChunk> open = new ConcurrentHashMap<>();
    private final Metrics metrics;

    private record Piece(NoteChunk.Key key, int app, RoaringBitmap bits) {
    }

    public Notes(Shard first, Metrics metrics) {
        this.ledger = first.queue("bcast-note", new WriteNotes(), LIMITS);
        this.metrics = metrics;
    }

    /** Fails with IllegalArgumentException, and then nothing of it is noted, or with StoreFailure. */
    public CompletableFuture<BroadcastNotesReply> add(BroadcastNotes notes) {
        var pieces = new ArrayList<Piece>();
        try {
            for (BroadcastNote note : notes.getNotesList()) {
                cut(note, pieces);
            }
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        CompletableFuture<?>[] written = pieces.stream().map(this::gather).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(written).thenApply(done -> BroadcastNotesReply.getDefaultInstance());
    }

    private void cut(BroadcastNote note, List<Piece> pieces) {
        if (note.getBroadcastId() == 0 || note.getAppId() == 0 || note.getKind() == NoteKind.UNRECOGNIZED) {
            throw new IllegalArgumentException("broadcast_id, app_id, kind: " + note.getBroadcastId() + ", "
                    + note.getAppId() + ", " + note.getKindValue() + " (expected: not 0, not 0, one of NoteKind)");
        }
        RoaringBitmap bits = bitmap(note.getOrds());
        metrics.counter(SaverMetric.BROADCAST_NOTES, "kind", kind(note.getKind()))
                .add(bits.getLongCardinality());
        for (ContainerPointer each = bits.getContainerPointer(); each.getContainer() != null; each.advance()) {
            int chunk = each.key();
            pieces.add(new Piece(new NoteChunk.Key(note.getBroadcastId(), note.getKindValue(), chunk),
                    note.getAppId(), bits.selectRange(chunk * CHUNK, (chunk + 1) * CHUNK)));
        }
    }

    private static String kind(NoteKind kind) {
        return switch (kind) {
            case NOTE_SHOWN -> "shown";
            case NOTE_CLICKED -> "clicked";
            default -> "acked";
        };
    }

    // What the library does with bytes that are no bitmap is not one kind of exception.
    private static RoaringBitmap bitmap(ByteString bytes) {
        var bits = new RoaringBitmap();
        try {
            bits.deserialize(bytes.asReadOnlyByteBuffer());
            if (bits.validate()) {
                return bits;
            }
        } catch (IOException | RuntimeException broken) {
            LOG.debug("notes: not a bitmap", broken); // not as the cause: callers are told the innermost one
        }
        throw new IllegalArgumentException(
                "ords: " + bytes.size() + " bytes (expected: a RoaringBitmap in its portable format)");
    }

    private CompletableFuture<Boolean> gather(Piece piece) {
        NoteChunk[] made = new NoteChunk[1];
        NoteChunk chunk = open.compute(piece.key, (key, there) -> {
            if (there != null && there.merge(piece.app, piece.bits)) {
                return there;
            }
            var fresh = new NoteChunk(key, piece.app, piece.bits);
            fresh.committed = ledger.submit(fresh);
            made[0] = fresh;
            return fresh;
        });
        if (made[0] != null) {
            chunk.committed.whenComplete((known, failed) -> { // outside of compute: it may be done already
                chunk.seal();
                open.remove(piece.key, chunk);
                if (Boolean.FALSE.equals(known)) {
                    metrics.counter(SaverMetric.BROADCAST_NOTES_UNKNOWN).increment();
                }
            });
        }
        return chunk.committed;
    }

    @Override
    public void close() {
        ledger.close();
    }
}
