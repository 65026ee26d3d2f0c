package io.longwire.saver.list;

import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.saver.Bench;
import io.longwire.saver.ledger.ColdCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ListSlicesIT {
    private Bench bench;
    private ColdCalls calls;
    private ListSlices slices;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        calls = new ColdCalls(4);
        slices = new ListSlices(bench.shards.first(), calls);
    }

    @AfterEach
    void stop() {
        calls.close();
        bench.close();
    }

    private static ListSlice slice(int chunk, int number, long message) {
        return ListSlice.newBuilder().setBroadcastId(7).setRange(63).setChunk(chunk).setNumber(number)
                .setMessageId(message).setUpto(9).setWritten(1_000_000).putFailed(101, 5).build();
    }

    @Test
    void theFirstNoteOfANumberStands() throws Exception {
        assertThat(get(slices.put(slice(0, 0, 11)))).isEqualTo(slice(0, 0, 11));
        assertThat(get(slices.put(slice(0, 0, 12).toBuilder().setUpto(3).setWritten(4).build())))
                .isEqualTo(slice(0, 0, 11));
        assertThat(get(slices.put(slice(0, 1, 12)))).isEqualTo(slice(0, 1, 12));
    }

    @Test
    void findsThoseOfAChunkInOrderAndTheLastOfARange() throws Exception {
        get(slices.put(slice(2, 1, 14)));
        get(slices.put(slice(2, 0, 13)));
        get(slices.put(slice(10, 0, 15)));
        get(slices.put(slice(2, 0, 16).toBuilder().setRange(0).build()));
        var range = FindSlicesRequest.newBuilder().setBroadcastId(7).setRange(63);

        assertThat(get(slices.find(range.setChunk(2).build())).getSlicesList()).containsExactly(slice(2, 0, 13),
                slice(2, 1, 14));
        assertThat(get(slices.find(range.setLast(true).build())).getSlicesList()).containsExactly(slice(10, 0, 15));
        assertThat(get(slices.find(range.setRange(5).build())).getSlicesList()).isEmpty();
    }

    @Test
    void refusesWhatIsNoSlice() {
        assertThatThrownBy(() -> get(slices.put(slice(0, 0, 0)))).hasMessageContaining("expected: not 0");
        assertThatThrownBy(() -> get(slices.put(slice(0, 0, 1).toBuilder().setRange(64).build())))
                .hasMessageContaining("below 64");
    }
}
