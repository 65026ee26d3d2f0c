package io.longwire.bench.micro;

import com.google.protobuf.ByteString;
import io.longwire.bench.message.PushView;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.ProtocolError;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Push;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a room does with bytes: reads acks and pings, writes pushes that were encoded once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FramesBenchmark {
    private static final int PAYLOAD = 512;

    private final byte[] encoded = PushFrames.encode(Push.newBuilder().setEndpointId(7).setMessageId(9).setAppId(1)
            .setPayload(ByteString.copyFrom(new byte[PAYLOAD])).setExpireAtMs(1_800_000_000_000L).build());
    private final ByteString encodedString = ByteString.copyFrom(encoded);
    private final byte[] out = new byte[2 * PAYLOAD];
    private final ByteBuffer acks = ByteBuffer.wrap(FrameWriter.frame(FrameType.ACK,
            Ack.newBuilder().setUptoSeq(1000).build()));
    private final ByteBuffer ping = ByteBuffer.wrap(new byte[]{FrameType.PING, 0});
    private final ByteBuffer push = ByteBuffer.wrap(encoded);
    private final PushView view = new PushView();
    private final Counting handler = new Counting();
    private FrameReader reader = FrameReader.ofRoom();
    private long seq;

    /** Decodes acks as a room does. */
    private static final class Counting implements FrameReader.Handler {
        private long upto;

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            upto = type == FrameType.ACK ? FrameBody.parse(Ack.parser(), buffer, from, to).getUptoSeq() : upto + 1;
            return true;
        }

        @Override
        public void onSkipped(int type) {
            upto = 0;
        }
    }

    /** A reader past its CONNECT. */
    @Setup
    public void open() throws ProtocolError {
        reader = FrameReader.ofRoom();
        reader.onBytes(ByteBuffer.wrap(new byte[]{1, FrameType.CONNECT, 0}), 0, 3, handler);
        reader.authenticated();
    }

    @Benchmark
    public int writePushFromArray() {
        return PushFrames.frame(++seq, encoded, out, 0);
    }

    @Benchmark
    public int writePushFromByteString() {
        return PushFrames.frame(++seq, encodedString, out, 0);
    }

    @Benchmark
    public long readAck() throws ProtocolError {
        reader.onBytes(acks, 0, acks.limit(), handler);
        return handler.upto;
    }

    @Benchmark
    public long readPing() throws ProtocolError {
        reader.onBytes(ping, 0, 2, handler);
        return handler.upto;
    }

    @Benchmark
    public boolean viewPush() {
        return view.read(push, 0, encoded.length);
    }
}
