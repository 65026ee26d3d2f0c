package io.longwire.device;

import com.google.protobuf.WireFormat;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.EndpointAck;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What an ACK says, read without garbage into arrays that are used again: a room reads about as many as it writes
 * pushes. Reads the form that phones write; whatever else protobuf allows, and all that is broken, is left to its
 * parser, so that both take the same, refuse the same, and say the same of it. Belongs to one thread; what it says
 * holds until the next {@link #read}.
 */
public final class AckReader {
    private static final int SMALLEST = 8;
    /** Longer ones are negative or not in the shortest form. */
    private static final int VARINT_BITS = 63;

    private static final int UPTO_SEQ = tag(Ack.UPTO_SEQ_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int EXTRA_SEQ = tag(Ack.EXTRA_SEQ_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int EXTRA_SEQS = tag(Ack.EXTRA_SEQ_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int ENDPOINT_ACK = tag(Ack.ENDPOINT_ACKS_FIELD_NUMBER,
            WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int ENDPOINT_ID = tag(EndpointAck.ENDPOINT_ID_FIELD_NUMBER, WireFormat.WIRETYPE_FIXED64);
    private static final int MESSAGE_IDS = tag(EndpointAck.MESSAGE_IDS_FIELD_NUMBER,
            WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int BCAST_SEQ = tag(EndpointAck.BCAST_SEQS_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int BCAST_SEQS = tag(EndpointAck.BCAST_SEQS_FIELD_NUMBER,
            WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int STATUS = tag(EndpointAck.STATUS_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);

    private long uptoSeq;
    private final Numbers extras = new Numbers();
    private final Numbers endpoints = new Numbers();
    private final Numbers ids = new Numbers();
    private final Numbers seqs = new Numbers();
    private int[] statuses = new int[SMALLEST];
    private int[] idsEnd = new int[SMALLEST]; // of an endpoint: behind its last one in `ids`
    private int[] seqsEnd = new int[SMALLEST];

    private int at; // where it reads
    private long value; // what it has read

    /** So many numbers. */
    private static final class Numbers {
        private long[] all = new long[SMALLEST];
        private int count;

        void add(long number) {
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count++] = number;
        }
    }

    /**
     * Reads the body that stands in {@code buffer} from index {@code from} to {@code to}, which is at most its limit;
     * keeps nothing of the buffer.
     *
     * @throws ProtocolError the bytes are no Ack, or one that breaks a rule of {@link MessageRules}
     */
    public void read(ByteBuffer buffer, int from, int to) throws ProtocolError {
        clear();
        at = from;
        if (!isPlain(buffer, to)) {
            Ack ack = FrameBody.parse(Ack.parser(), buffer, from, to);
            MessageRules.check(ack);
            clear();
            copy(ack);
        }
    }

    /** Every push of the socket up to here; 0 = says nothing. */
    public long uptoSeq() {
        return uptoSeq;
    }

    /** Single seqs above that. */
    public int extras() {
        return extras.count;
    }

    public long extra(int i) {
        return extras.all[i];
    }

    /** Endpoints named, maybe one of them several times. */
    public int endpoints() {
        return endpoints.count;
    }

    public long endpointId(int endpoint) {
        return endpoints.all[endpoint];
    }

    /** Of an endpoint, as a number: a later version may have more than AckStatus. */
    public int status(int endpoint) {
        return statuses[endpoint];
    }

    /** Messages of an endpoint. */
    public int ids(int endpoint) {
        return idsEnd[endpoint] - begin(idsEnd, endpoint);
    }

    public long id(int endpoint, int i) {
        return ids.all[begin(idsEnd, endpoint) + i];
    }

    /** Broadcasts of an endpoint. */
    public int seqs(int endpoint) {
        return seqsEnd[endpoint] - begin(seqsEnd, endpoint);
    }

    public long seq(int endpoint, int i) {
        return seqs.all[begin(seqsEnd, endpoint) + i];
    }

    private static int begin(int[] ends, int endpoint) {
        return endpoint == 0 ? 0 : ends[endpoint - 1];
    }

    private void clear() {
        uptoSeq = 0;
        extras.count = 0;
        endpoints.count = 0;
        ids.count = 0;
        seqs.count = 0;
    }

    private boolean isFull() { return extras.count + endpoints.count + ids.count + seqs.count > Limits.ACK_ITEMS; }

    // ---- the plain form: each of these returns false where the rest is protobuf's

    private boolean isPlain(ByteBuffer in, int to) {
        while (at < to) {
            int tag = in.get(at++);
            boolean read;
            if (tag == ENDPOINT_ACK) {
                read = length(in, to) && endpoint(in, at + (int) value);
            } else if (tag == UPTO_SEQ) {
                read = varint(in, to);
                uptoSeq = value;
            } else if (tag == EXTRA_SEQ) {
                read = one(extras, in, to);
            } else {
                read = tag == EXTRA_SEQS && length(in, to) && packed(extras, in, at + (int) value);
            }
            if (!read || isFull()) {
                return false;
            }
        }
        return true;
    }

    private boolean endpoint(ByteBuffer in, int to) {
        long id = 0;
        int status = 0;
        while (at < to) {
            int tag = in.get(at++);
            boolean read;
            if (tag == ENDPOINT_ID) {
                read = fixed(in, to);
                id = value;
            } else if (tag == BCAST_SEQS) {
                read = length(in, to) && packed(seqs, in, at + (int) value);
            } else if (tag == MESSAGE_IDS) {
                read = length(in, to) && packedFixed(in, at + (int) value);
            } else if (tag == STATUS) {
                read = varint(in, to) && value <= Byte.MAX_VALUE;
                status = (int) value;
            } else {
                read = tag == BCAST_SEQ && one(seqs, in, to);
            }
            if (!read || isFull()) {
                return false;
            }
        }
        endEndpoint(id, status);
        return true;
    }

    private void endEndpoint(long id, int status) {
        int i = endpoints.count;
        if (i == statuses.length) {
            statuses = Arrays.copyOf(statuses, 2 * i);
            idsEnd = Arrays.copyOf(idsEnd, 2 * i);
            seqsEnd = Arrays.copyOf(seqsEnd, 2 * i);
        }
        endpoints.add(id);
        statuses[i] = status;
        idsEnd[i] = ids.count;
        seqsEnd[i] = seqs.count;
    }

    private boolean one(Numbers into, ByteBuffer in, int to) {
        if (!varint(in, to)) {
            return false;
        }
        into.add(value);
        return true;
    }

    private boolean packed(Numbers into, ByteBuffer in, int to) {
        while (at < to) {
            if (!one(into, in, to) || isFull()) {
                return false;
            }
        }
        return true;
    }

    private boolean packedFixed(ByteBuffer in, int to) {
        while (at < to) {
            if (!fixed(in, to) || isFull()) {
                return false;
            }
            ids.add(value);
        }
        return true;
    }

    /** The length of what follows, all of which is there. */
    private boolean length(ByteBuffer in, int to) {
        return varint(in, to) && value <= to - at;
    }

    private boolean varint(ByteBuffer in, int to) {
        long number = 0;
        for (int shift = 0; at < to && shift < VARINT_BITS; shift += 7) {
            byte next = in.get(at++);
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                value = number;
                return true;
            }
        }
        return false;
    }

    private boolean fixed(ByteBuffer in, int to) {
        if (to - at < Long.BYTES) {
            return false;
        }
        long number = in.getLong(at);
        value = in.order() == ByteOrder.LITTLE_ENDIAN ? number : Long.reverseBytes(number);
        at += Long.BYTES;
        return true;
    }

    // ---- any form

    private void copy(Ack ack) {
        uptoSeq = ack.getUptoSeq();
        for (int i = 0; i < ack.getExtraSeqCount(); i++) {
            extras.add(ack.getExtraSeq(i));
        }
        for (int i = 0; i < ack.getEndpointAcksCount(); i++) {
            EndpointAck of = ack.getEndpointAcks(i);
            for (int j = 0; j < of.getMessageIdsCount(); j++) {
                ids.add(of.getMessageIds(j));
            }
            for (int j = 0; j < of.getBcastSeqsCount(); j++) {
                seqs.add(of.getBcastSeqs(j));
            }
            endEndpoint(of.getEndpointId(), of.getStatusValue());
        }
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
