package io.longwire.device;

import io.longwire.device.v1.Ack;
import io.longwire.device.v1.EndpointAck;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/** Takes what protobuf takes and the rules allow, refuses the rest in the same words, and says the same of an ACK. */
class AckReaderTest {
    private final AckReader reader = new AckReader(); // one for all, as in a room

    @Property(tries = 1000)
    void saysWhatTheParserSays(@ForAll("acks") Ack ack, @ForAll boolean direct, @ForAll boolean little) {
        byte[] body = ack.toByteArray();

        assertThat(read(body, direct, little)).isEqualTo(parsed(body)).isEqualTo(text(ack));
    }

    @Property(tries = 3000)
    void takesAndRefusesDamagedOnesLikeTheParser(@ForAll("acks") Ack ack, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] body = ack.toByteArray();
        for (int i = random.nextInt(4); i >= 0 && body.length > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> body[random.nextInt(body.length)] = (byte) random.nextInt();
                case 1 -> body = Arrays.copyOf(body, random.nextInt(body.length));
                case 2 -> body[random.nextInt(body.length)] ^= (byte) 0x80;
                default -> body = Frames.join(List.of(body, Arrays.copyOf(body, random.nextInt(body.length + 1))));
            }
        }

        assertThat(read(body, random.nextBoolean(), false)).isEqualTo(parsed(body));
    }

    @Property(tries = 3000)
    void takesAndRefusesGarbageLikeTheParser(@ForAll @Size(max = 40) byte[] garbage) {
        assertThat(read(garbage, true, false)).isEqualTo(parsed(garbage));
    }

    @Example
    void takesFormsThatPhonesDoNotWrite() {
        byte[] unpacked = Frames.bytes(0x1A, 13, 0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x18, 5, 0x18, 6);
        byte[] unknown = Frames.bytes(0xC0, 0x3E, 5, 0x08, 7);
        byte[] longForm = Frames.bytes(0x08, 0x87, 0x80, 0x00);
        byte[] negative = Ack.newBuilder().setUptoSeq(-3).build().toByteArray();
        byte[] later = Ack.newBuilder().addEndpointAcks(EndpointAck.newBuilder().setStatusValue(-2)).build()
                .toByteArray();

        for (byte[] body : List.of(unpacked, unknown, longForm, negative, later, new byte[0])) {
            assertThat(read(body, true, false)).isEqualTo(parsed(body)).doesNotContain("expected");
        }
    }

    @Example
    void refusesMoreThanAnAckMayNameInTheSameWords() {
        EndpointAck.Builder most = EndpointAck.newBuilder();
        for (int i = 0; i < Limits.ACK_ITEMS - 1; i++) {
            most.addBcastSeqs(i);
        }
        byte[] whole = Ack.newBuilder().addEndpointAcks(most).build().toByteArray();
        byte[] above = Ack.newBuilder().addEndpointAcks(most).addExtraSeq(9).build().toByteArray();

        assertThat(read(whole, false, false)).isEqualTo(parsed(whole)).doesNotContain("expected");
        assertThat(read(above, false, false)).isEqualTo(parsed(above)).contains("ack items: 1025 (expected: at most");
    }

    @Example
    void readsTheAckOfABroadcastWithoutGarbage() throws ProtocolError {
        byte[] body = Ack.newBuilder().addEndpointAcks(EndpointAck.newBuilder().setEndpointId(77).addBcastSeqs(300))
                .build().toByteArray();
        ByteBuffer buffer = Frames.direct(body);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        reader.read(buffer, 0, body.length);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            reader.read(buffer, 0, body.length);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
        assertThat(reader.endpointId(0)).isEqualTo(77);
        assertThat(reader.seq(0, 0)).isEqualTo(300);
    }

    @Provide
    Arbitrary<Ack> acks() {
        Arbitrary<Long> seq = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.longs().between(0, 1 << 20)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs()));
        Arbitrary<EndpointAck> endpoint = Combinators.combine(Arbitraries.longs(),
                Arbitraries.longs().list().ofMaxSize(5), seq.list().ofMaxSize(5),
                Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(0, 9)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.integers())))
                .as((id, ids, seqs, status) -> EndpointAck.newBuilder().setEndpointId(id).addAllMessageIds(ids)
                        .addAllBcastSeqs(seqs).setStatusValue(status).build());
        return Combinators.combine(seq, seq.list().ofMaxSize(5), endpoint.list().ofMaxSize(4))
                .as((upto, extra, endpoints) -> Ack.newBuilder().setUptoSeq(upto).addAllExtraSeq(extra)
                        .addAllEndpointAcks(endpoints).build());
    }

    /** Read from the middle of a buffer: no byte around it counts. */
    private String read(byte[] body, boolean direct, boolean little) {
        byte[] padded = new byte[body.length + 16];
        Arrays.fill(padded, (byte) 8);
        System.arraycopy(body, 0, padded, 5, body.length);
        ByteBuffer buffer = direct ? Frames.direct(padded) : ByteBuffer.wrap(padded);
        buffer.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        try {
            reader.read(buffer, 5, 5 + body.length);
        } catch (ProtocolError error) {
            return Code.name(error.code()) + " " + error.getMessage();
        }
        var ack = Ack.newBuilder().setUptoSeq(reader.uptoSeq());
        for (int i = 0; i < reader.extras(); i++) {
            ack.addExtraSeq(reader.extra(i));
        }
        for (int i = 0; i < reader.endpoints(); i++) {
            var of = EndpointAck.newBuilder().setEndpointId(reader.endpointId(i)).setStatusValue(reader.status(i));
            for (int j = 0; j < reader.ids(i); j++) {
                of.addMessageIds(reader.id(i, j));
            }
            for (int j = 0; j < reader.seqs(i); j++) {
                of.addBcastSeqs(reader.seq(i, j));
            }
            ack.addEndpointAcks(of);
        }
        return text(ack.build());
    }

    private static String parsed(byte[] body) {
        try {
            Ack ack = FrameBody.parse(Ack.parser(), ByteBuffer.wrap(body), 0, body.length);
            MessageRules.check(ack);
            return text(ack);
        } catch (ProtocolError error) {
            return Code.name(error.code()) + " " + error.getMessage();
        }
    }

    /** What is known of it; unknown fields are not. */
    private static String text(Ack ack) {
        List<String> parts = new ArrayList<>();
        parts.add("upto " + ack.getUptoSeq() + " extra " + ack.getExtraSeqList());
        for (EndpointAck of : ack.getEndpointAcksList()) {
            parts.add(of.getEndpointId() + " is " + of.getStatusValue() + " ids " + of.getMessageIdsList() + " seqs "
                    + of.getBcastSeqsList());
        }
        return String.join(", ", parts);
    }
}
