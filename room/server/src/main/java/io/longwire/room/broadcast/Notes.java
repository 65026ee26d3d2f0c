package io.longwire.room.broadcast;

import io.longwire.rpc.saver.NoteKind;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Who acked, saw, clicked one broadcast since these were last handed over. Owner: the loop. */
final class Notes {
    private static final NoteKind[] KINDS = {NoteKind.NOTE_ACKED, NoteKind.NOTE_SHOWN, NoteKind.NOTE_CLICKED};

    private final @Nullable RoaringBitmap[] byKind = new @Nullable RoaringBitmap[KINDS.length];

    void add(NoteKind kind, int ord) {
        RoaringBitmap ords = byKind[kind.getNumber()];
        if (ords == null) {
            ords = new RoaringBitmap();
            byKind[kind.getNumber()] = ords;
        }
        ords.add(ord);
    }

    /** Gives them away and begins anew. */
    void handOver(ActiveBroadcast of, NoteSender to) {
        for (NoteKind kind : KINDS) {
            RoaringBitmap ords = byKind[kind.getNumber()];
            if (ords != null) {
                byKind[kind.getNumber()] = null;
                to.take(new NoteSender.Note(of.appId(), of.id(), kind, ords));
            }
        }
    }
}
