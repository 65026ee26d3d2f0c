package io.longwire.device;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BroadcastSeenTest {
    @Property
    void survivesItsBytes(@ForAll @LongRange(max = 1L << 50) long floor,
            @ForAll @Size(max = 100) long[] above) throws ProtocolError {
        long[] received = LongStream.of(above).map(d -> floor + 1 + Math.floorMod(d, 1L << 40)).toArray();
        BroadcastSeen seen = BroadcastSeen.of(floor, received);

        BroadcastSeen read = BroadcastSeen.decode(seen.encode());

        assertThat(read.floor()).isEqualTo(floor);
        assertThat(read.sequences()).isEqualTo(LongStream.of(received).sorted().distinct().toArray());
        for (long sequence : received) {
            assertThat(read.contains(sequence)).isTrue();
        }
    }

    @Property(tries = 2000)
    void answersGarbageWithATypedErrorAlone(@ForAll @Size(max = 150) byte[] garbage) {
        try {
            BroadcastSeen seen = BroadcastSeen.decode(ByteString.copyFrom(garbage));
            assertThat(seen.sequences()).isSorted().hasSizeLessThanOrEqualTo(Limits.BROADCASTS_SEEN);
        } catch (ProtocolError expected) {
            assertThat(expected.code()).isEqualTo(Code.PROTOCOL);
        }
    }

    @Example
    void writesDistances() {
        ByteString bytes = BroadcastSeen.of(300, 305, 302, 302, 299).encode();

        assertThat(bytes.toByteArray()).containsExactly(0xAC, 0x02, 2, 3);
    }

    @Example
    void forgetsTheOldestBeyondTheLimit() {
        BroadcastSeen seen = BroadcastSeen.of(0, LongStream.rangeClosed(1, 150).toArray());

        assertThat(seen.sequences()).hasSize(100).startsWith(51).endsWith(150);
        assertThat(seen.contains(50)).isFalse();
    }

    @Example
    void coversWhatIsBelowTheFloor() {
        BroadcastSeen seen = BroadcastSeen.of(10, 12);

        assertThat(seen.contains(10)).isTrue();
        assertThat(seen.contains(11)).isFalse();
        assertThat(seen.contains(12)).isTrue();
    }

    @Example
    void refusesMoreThanTheLimitAndSequencesThatStand() {
        byte[] tooMany = new byte[102];
        Arrays.fill(tooMany, (byte) 1);

        assertThatThrownBy(() -> BroadcastSeen.decode(ByteString.copyFrom(tooMany))).isInstanceOf(ProtocolError.class)
                .hasMessage("bcast_seen: more sequences (expected: floor and at most 100 rising sequences)");
        assertThatThrownBy(() -> BroadcastSeen.decode(ByteString.copyFrom(Frames.bytes(5, 1, 0))))
                .hasMessageContaining("do not rise");
        assertThatThrownBy(() -> BroadcastSeen.decode(ByteString.EMPTY)).hasMessageContaining("no bytes");
    }
}
