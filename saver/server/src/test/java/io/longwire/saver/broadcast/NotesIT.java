package io.longwire.saver.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastNote;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.saver.watch.SaverMetric;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class NotesIT {
    private BroadcastBench all;
    private Notes notes;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
        notes = new Notes(all.bench.shard, all.bench.metrics);
    }

    @AfterEach
    void stop() {
        notes.close();
        all.close();
    }

    @Test
    void countsEachEndpointOnceByKind() throws Exception {
        Broadcast made = all.create(all.given());
        Broadcast other = all.create(all.given());

        add(note(made, NoteKind.NOTE_ACKED, 1, 2, 65_535, 65_536, 300_000_000, -1));
        add(note(made, NoteKind.NOTE_ACKED, 2, 3), note(made, NoteKind.NOTE_SHOWN, 2),
                note(other, NoteKind.NOTE_CLICKED, 7), note(made, NoteKind.NOTE_SHOWN, 3));
        add(note(made, NoteKind.NOTE_ACKED, 1, 2));

        assertThat(all.progress(made)).returns(7L, BroadcastProgress::getAcked)
                .returns(2L, BroadcastProgress::getShown).returns(0L, BroadcastProgress::getClicked);
        assertThat(all.progress(other)).returns(0L, BroadcastProgress::getAcked)
                .returns(1L, BroadcastProgress::getClicked);
    }

    // Two savers, each with its own gathering, told overlapping bits of the same chunks all at once.
    @Test
    void losesNoBitAndCountsNoneTwiceWhenTwoSaversAreToldAtOnce() throws Exception {
        Broadcast made = all.create(all.given());
        try (var otherSaver = new Notes(all.bench.shard, all.bench.metrics)) {
            var told = new ArrayList<CompletableFuture<BroadcastNotesReply>>();
            for (int call = 0; call < 200; call++) {
                var ords = new int[60];
                for (int i = 0; i < ords.length; i++) {
                    ords[i] = i % 20 * 65_536 + call * 2 + i / 20; // the last of the three is the next call's first
                }
                var request = BroadcastNotes.newBuilder().addNotes(note(made, NoteKind.NOTE_ACKED, ords)).build();
                told.add((call % 2 == 0 ? notes : otherSaver).add(request));
            }
            for (var each : told) {
                get(each);
            }
        }

        assertThat(all.progress(made).getAcked()).isEqualTo(20 * 401);
        assertThat(all.bench.count("SELECT COUNT(*) FROM bcast_note")).isEqualTo(20);
        assertThat(all.bench.metrics.counter(SaverMetric.LEDGER_ROWS, "queue", "bcast-note").count())
                .as("chunks written for 4000 told").isLessThan(4_000);
    }

    @Test
    void keepsAFullChunkInOneSmallRow() throws Exception {
        Broadcast made = all.create(all.given());
        var even = new RoaringBitmap();
        for (int i = 0; i < 65_536; i += 2) {
            even.add(i);
        }

        add(note(made, even));
        assertThat(all.bench.count("SELECT LENGTH(body) FROM bcast_note")).isBetween(8_000L, 9_000L);
        var whole = new RoaringBitmap();
        whole.add(0L, 65_536L);
        add(note(made, whole));

        assertThat(all.bench.count("SELECT LENGTH(body) FROM bcast_note")).as("a run").isLessThan(50);
        assertThat(all.progress(made).getAcked()).isEqualTo(65_536);
    }

    @Test
    void ignoresAnUnknownBroadcastAndCountsThat() throws Exception {
        Broadcast made = all.create(all.given());

        add(note(made.toBuilder().setBroadcastId(77).build(), NoteKind.NOTE_ACKED, 1),
                note(made.toBuilder().setAppId(all.bench.app + 1).build(), NoteKind.NOTE_ACKED, 1),
                note(made, NoteKind.NOTE_ACKED, 5));

        assertThat(all.bench.metrics.counter(SaverMetric.BROADCAST_NOTES_UNKNOWN).count()).isEqualTo(2);
        assertThat(all.progress(made).getAcked()).isEqualTo(1);
        assertThat(all.bench.count("SELECT COUNT(*) FROM bcast_note")).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoBitmapAndNotesNothingOfTheCall() throws Exception {
        Broadcast made = all.create(all.given());
        BroadcastNote good = note(made, NoteKind.NOTE_ACKED, 1);
        byte[] bytes = note(made, NoteKind.NOTE_ACKED, 1, 2, 3).getOrds().toByteArray();
        byte[] disordered = bytes.clone();
        disordered[bytes.length - 2] = 1;
        for (ByteString bad : List.of(ByteString.EMPTY, ByteString.copyFromUtf8("no bitmap at all"),
                ByteString.copyFrom(bytes, 0, bytes.length - 3), ByteString.copyFrom(disordered))) {
            assertThatThrownBy(() -> add(good, good.toBuilder().setOrds(bad).build()))
                    .hasCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bytes (expected: a RoaringBitmap in its portable format)");
        }
        assertThatThrownBy(() -> add(good.toBuilder().setKindValue(9).build())).hasMessageContaining("kind");

        assertThat(all.progress(made).getAcked()).isZero();
    }

    private void add(BroadcastNote... told) throws Exception {
        get(notes.add(BroadcastNotes.newBuilder().addAllNotes(List.of(told)).build()));
    }

    private static BroadcastNote note(Broadcast broadcast, NoteKind kind, int... ords) {
        return note(broadcast, RoaringBitmap.bitmapOf(ords)).toBuilder().setKind(kind).build();
    }

    private static BroadcastNote note(Broadcast broadcast, RoaringBitmap ords) {
        var bytes = new byte[ords.serializedSizeInBytes()];
        ords.serialize(ByteBuffer.wrap(bytes));
        return BroadcastNote.newBuilder().setAppId(broadcast.getAppId()).setBroadcastId(broadcast.getBroadcastId())
                .setOrds(ByteString.copyFrom(bytes)).build();
    }
}
