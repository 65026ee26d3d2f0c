package io.longwire.room.broadcast;

import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeBroadcasts;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

import static org.assertj.core.api.Assertions.assertThat;

class NoteSenderTest {
    private final VirtualClock clock = new VirtualClock();
    private final FakeBroadcasts store = new FakeBroadcasts();
    private final FakeMetrics metrics = new FakeMetrics();
    private final NoteSender sender = new NoteSender(store, clock, Runnable::run, metrics);

    @Test
    void whatLoopsHandOverInASecondLeavesInOneCall() {
        sender.take(note(RoaringBitmap.bitmapOf(1, 2)));
        sender.take(note(RoaringBitmap.bitmapOf(2, -1))); // ords are unsigned

        clock.advance(Duration.ofSeconds(1));

        assertThat(store.notes).hasSize(1);
        assertThat(store.ords(NoteKind.NOTE_ACKED)).isEqualTo(RoaringBitmap.bitmapOf(1, 2, -1));
        clock.advance(Duration.ofSeconds(5));
        assertThat(store.notes).hasSize(1);
    }

    @Test
    void aBitmapTooLargeForACallIsSentInParts() {
        var all = new RoaringBitmap();
        for (int i = 0; i < 400_000; i++) {
            all.add(i * 1_000);
        }
        sender.take(note(all.clone()));

        clock.advance(Duration.ofSeconds(1));

        assertThat(store.ords(NoteKind.NOTE_ACKED)).isEqualTo(all);
        assertThat(store.notes).hasSizeGreaterThan(1)
                .allSatisfy(call -> assertThat(call.getSerializedSize()).isLessThan(1 << 20));
        assertThat(metrics.count(RoomMetric.NOTES_SENT)).isEqualTo(400_000);
    }

    private static NoteSender.Note note(RoaringBitmap ords) {
        return new NoteSender.Note(12, 1_002, NoteKind.NOTE_ACKED, ords);
    }
}
