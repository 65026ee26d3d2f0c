package io.longwire.bench.device;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.credential.Credentials;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.NetType;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import io.longwire.keeper.clock.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Writes what devices send. Owned by one loop. */
final class Frames {
    private static final int ACK_MOST = 16;
    private static final byte UPTO_SEQ = Ack.UPTO_SEQ_FIELD_NUMBER << 3;
    private static final byte ENDPOINT_ACK = Ack.ENDPOINT_ACKS_FIELD_NUMBER << 3 | 2;
    private static final byte ENDPOINT = EndpointAck.ENDPOINT_ID_FIELD_NUMBER << 3 | 1;
    private static final byte SEQUENCES = EndpointAck.BCAST_SEQS_FIELD_NUMBER << 3 | 2;
    private static final int ENDPOINT_BYTES = 9;
    private static final int LONGEST_VARINT = 10;

    private final List<BenchEndpoint> endpoints;
    private final int perConnection;
    private final Clock clock;
    private static final ByteBuf PING = constant(FrameType.PING);
    private static final ByteBuf PONG = constant(FrameType.PONG);

    Frames(List<BenchEndpoint> endpoints, int perConnection, Clock clock) {
        this.endpoints = endpoints;
        this.perConnection = perConnection;
        this.clock = clock;
    }

    /**
     * Preface and CONNECT; the first endpoint is the host, the others come with delegations for it.
     *
     * @param seen what each of them has of broadcasts
     */
    ByteBuf connect(int first, long connSeq, long previousSeq, SeenBroadcasts[] seen) {
        var connect = Connect.newBuilder().setNet(NetType.NET_WIFI).setState(ClientState.STATE_BACKGROUND)
                .setOs("android").setOsVersion(34).setModel("bench").setLanguage("en").setRegion("DE")
                .setSdkVersion(1_000);
        long host = endpoints.get(first).id();
        for (int i = 0; i < perConnection; i++) {
            BenchEndpoint endpoint = endpoints.get(first + i);
            byte[] proof = i == 0
                    ? endpoint.credential()
                    : Credentials.delegate(endpoint.credential(), host, clock.wallMillis() / 1000);
            connect.addBindings(EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(proof))
                    .setConnSeq(connSeq).setPrevConnSeq(previousSeq).setAppVersion(1)
                    .setBcastSeen(seen[i].encode()));
        }
        byte[] frame = FrameWriter.frame(FrameType.CONNECT, connect.build());
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 + frame.length);
        return out.writeByte(Limits.PREFACE).writeBytes(frame);
    }

    ByteBuf ack(long uptoSeq) {
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(ACK_MOST);
        out.writeByte(FrameType.ACK).writeByte(0).writeByte(UPTO_SEQ);
        varint(out, uptoSeq);
        return out.setByte(1, out.readableBytes() - 2);
    }

    /** An ACK that says STORED of every broadcast owed by this endpoint; written by hand, as there are many. */
    ByteBuf broadcastAck(long endpointId, SeenBroadcasts seen) {
        int packed = 0;
        for (int i = 0; i < seen.owing(); i++) {
            packed += size(seen.owed(i));
        }
        int ack = ENDPOINT_BYTES + 1 + size(packed) + packed;
        int body = 1 + size(ack) + ack;
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 + LONGEST_VARINT + body);
        varint(out.writeByte(FrameType.ACK), body);
        varint(out.writeByte(ENDPOINT_ACK), ack);
        out.writeByte(ENDPOINT).writeLongLE(endpointId);
        varint(out.writeByte(SEQUENCES), packed);
        for (int i = 0; i < seen.owing(); i++) {
            varint(out, seen.owed(i));
        }
        return out;
    }

    private static void varint(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static int size(long value) {
        return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
    }

    ByteBuf unbind(int first) {
        var unbind = Unbind.newBuilder();
        for (int i = 0; i < perConnection; i++) {
            unbind.addEndpointIds(endpoints.get(first + i).id());
        }
        return frame(FrameType.UNBIND, unbind.build());
    }

    ByteBuf uplink(Uplink uplink) {
        return frame(FrameType.UPLINK, uplink);
    }

    ByteBuf ping() {
        return PING.duplicate();
    }

    ByteBuf pong() {
        return PONG.duplicate();
    }

    private static ByteBuf frame(int type, MessageLite body) {
        byte[] frame = FrameWriter.frame(type, body);
        return ByteBufAllocator.DEFAULT.directBuffer(frame.length).writeBytes(frame);
    }

    private static ByteBuf constant(int type) {
        byte[] frame = new byte[2];
        FrameWriter.empty(type, frame, 0);
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeBytes(frame));
    }
}
