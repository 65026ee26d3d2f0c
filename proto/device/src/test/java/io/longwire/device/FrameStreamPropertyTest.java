package io.longwire.device;

import io.longwire.device.Frames.Seen;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/** Any stream, cut anywhere, means the same as the whole; garbage ends in a typed error and nothing else. */
class FrameStreamPropertyTest {
    private static final int[] PHONE_TYPES = {FrameType.BIND, FrameType.UNBIND, FrameType.ACK, FrameType.UPLINK,
            FrameType.PING, FrameType.PONG, FrameType.ERROR, FrameType.READY, FrameType.TELEMETRY};

    @Property(tries = 400)
    void readsAStreamCutAnywhereLikeTheWhole(@ForAll("frames") List<Seen> sent, @ForAll long seed,
            @ForAll boolean direct) throws ProtocolError {
        byte[] stream = stream(sent);
        ByteBuffer buffer = direct ? Frames.direct(stream) : ByteBuffer.wrap(stream);
        Random random = new Random(seed);
        int longest = 1 + random.nextInt(random.nextBoolean() ? 8 : 2000);
        Frames cut = new Frames();
        FrameReader reader = Frames.openRoom();

        int counted = 0;
        for (int at = 0; at < stream.length;) {
            int to = Math.min(stream.length, at + 1 + random.nextInt(longest));
            counted += reader.onBytes(buffer, at, to, cut);
            at = to;
        }

        assertThat(cut.seen).isEqualTo(sent);
        assertThat(counted).isEqualTo(sent.size());
        assertThat(reader.hasPartial()).isFalse();
    }

    @Property(tries = 200)
    void readsAJoinedStreamInOneCall(@ForAll("frames") List<Seen> sent) throws ProtocolError {
        byte[] stream = stream(sent);
        Frames whole = new Frames();

        Frames.openRoom().onBytes(ByteBuffer.wrap(stream), 0, stream.length, whole);

        assertThat(whole.seen).isEqualTo(sent);
    }

    @Property(tries = 2000)
    void answersGarbageWithATypedErrorAlone(@ForAll @Size(max = 300) byte[] garbage,
            @ForAll @IntRange(min = 1, max = 50) int step, @ForAll @IntRange(max = 2) int start) throws ProtocolError {
        FrameReader reader = start == 0
                ? FrameReader.ofRoom()
                : start == 1 ? FrameReader.ofPhone() : Frames.openRoom();
        // Exactly as long as the data: a read past the end would throw something else.
        ByteBuffer buffer = Frames.direct(garbage);

        try {
            for (int at = 0; at < garbage.length; at += step) {
                reader.onBytes(buffer, at, Math.min(garbage.length, at + step), new Frames());
            }
            assertThat(reader.isClosed()).isFalse();
        } catch (ProtocolError expected) {
            assertThat(Code.name(expected.code())).isNotEqualTo("UNKNOWN");
            assertThat(reader.isClosed()).isTrue();
            assertThat(reader.partialCapacity()).isZero();
        }
    }

    @Property(tries = 500)
    void looksAtNoByteOutsideItsRange(@ForAll @Size(max = 100) byte[] data, @ForAll byte around)
            throws ProtocolError {
        byte[] padded = new byte[data.length + 20];
        Arrays.fill(padded, around);
        System.arraycopy(data, 0, padded, 10, data.length);

        String alone = outcome(ByteBuffer.wrap(data), 0, data.length);
        String inside = outcome(ByteBuffer.wrap(padded), 10, 10 + data.length);

        assertThat(inside).isEqualTo(alone);
    }

    @Provide
    Arbitrary<List<Seen>> frames() {
        Arbitrary<Integer> type = Arbitraries.of(Arrays.stream(PHONE_TYPES).boxed().toList());
        Arbitrary<Integer> size = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(0, 40)),
                net.jqwik.api.Tuple.of(3, Arbitraries.of(0, 127, 128, 16383, 16384)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0, Limits.BODY_BYTES)));
        Arbitrary<Seen> frame = Combinators.combine(type, size, Arbitraries.longs()).as((t, n, seed) -> {
            byte[] body = new byte[n];
            new Random(seed).nextBytes(body);
            return new Seen(t, body);
        });
        return frame.list().ofMinSize(1).ofMaxSize(8);
    }

    private static byte[] stream(List<Seen> frames) {
        List<byte[]> parts = new ArrayList<>();
        for (Seen frame : frames) {
            parts.add(Frames.frame(frame.type(), frame.body()));
        }
        return Frames.join(parts);
    }

    private static String outcome(ByteBuffer buffer, int from, int to) throws ProtocolError {
        FrameReader reader = Frames.openRoom();
        Frames frames = new Frames();
        try {
            return reader.onBytes(buffer, from, to, frames) + " " + frames.seen + frames.skipped + reader.hasPartial();
        } catch (ProtocolError e) {
            return frames.seen + e.getMessage();
        }
    }
}
