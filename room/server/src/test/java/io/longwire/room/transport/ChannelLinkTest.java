package io.longwire.room.transport;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.Live;
import io.longwire.room.accept.AcceptConfig;
import io.longwire.room.accept.AccessConfig;
import io.longwire.room.accept.Gate;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Inbound;
import io.longwire.room.session.Link;
import io.longwire.room.session.SharedFrame;
import io.longwire.testkit.time.VirtualClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelLinkTest {
    private final Gate gate = new Gate(Live.fixed(AccessConfig.read(ConfigNode.empty())), address -> false,
            Live.fixed(AcceptConfig.read(ConfigNode.empty())), new VirtualClock(), new FakeMetrics());
    private final SharedFrame frame = new SharedFrame(new byte[]{6, 2, 1, 1});

    @Test
    void aSharedFrameIsTheSameMemoryForEveryPhone() {
        EmbeddedChannel one = open();
        EmbeddedChannel two = open();
        for (EmbeddedChannel each : new EmbeddedChannel[]{one, two}) {
            link(each).send(frame);
            link(each).flush();
        }

        ByteBuf first = written(one);
        ByteBuf second = written(two);

        assertThat(first.isReadOnly()).isTrue();
        assertThat(address(first)).isEqualTo(address(second)).isEqualTo(MemorySegment.ofBuffer(frame.direct())
                .address());
        assertThat(ByteBufUtil.getBytes(first)).isEqualTo(frame.bytes());
        first.release();
        assertThat(ByteBufUtil.getBytes(second)).isEqualTo(frame.bytes());
        second.release();
        link(one).send(frame); // one phone's release is not the others' end
        link(one).flush();
        assertThat(ByteBufUtil.getBytes(written(one))).isEqualTo(frame.bytes());
        assertThat(frame.direct().remaining()).isEqualTo(4);
    }

    @Test
    void whatStandsBeforeAndBehindASharedFrameKeepsItsOrder() {
        EmbeddedChannel channel = open();
        Link link = link(channel);

        link.send(new byte[]{9, 8, 7}, 1, 1);
        link.send(frame); // behind other bytes: copied to them
        link.flush();
        link.send(frame);
        link.send(new byte[]{5}, 0, 1); // behind a shared frame, which nothing may be written into
        link.send(frame);
        link.flush();

        ByteBuf together = written(channel);
        assertThat(ByteBufUtil.getBytes(together)).containsExactly(8, 6, 2, 1, 1);
        ByteBuf shared = written(channel);
        assertThat(address(shared)).isEqualTo(MemorySegment.ofBuffer(frame.direct()).address());
        ByteBuf rest = written(channel);
        assertThat(ByteBufUtil.getBytes(rest)).containsExactly(5, 6, 2, 1, 1);
        assertThat(frame.bytes()).containsExactly(6, 2, 1, 1);
        together.release();
        rest.release();
    }

    @Test
    void aClosedLinkTakesNoSharedFrame() {
        EmbeddedChannel channel = open();
        Link link = link(channel);
        link.close();

        link.send(frame);
        link.flush();

        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(link.pending()).isZero();
    }

    private EmbeddedChannel open() {
        return new EmbeddedChannel(new ChannelLink(new OneGate(gate), new NoLogic()));
    }

    private static Link link(EmbeddedChannel channel) {
        return channel.pipeline().get(ChannelLink.class);
    }

    private static ByteBuf written(EmbeddedChannel channel) {
        return Objects.requireNonNull(channel.readOutbound());
    }

    private static long address(ByteBuf bytes) {
        return MemorySegment.ofBuffer(bytes.nioBuffer()).address();
    }

    private record OneGate(Gate gate) implements ChannelLink.Shared {
        @Override
        public byte[] address(Channel channel) {
            return new byte[]{127, 0, 0, 1};
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }
    }

    /** Keeps nothing and answers nothing. */
    private static final class NoLogic implements Inbound {
        @Override
        public Connection onOpen(Link link, boolean shed) {
            return new Connection(link);
        }

        @Override
        public int onBytes(Connection connection, ByteBuffer buffer, int from, int to) {
            return to;
        }

        @Override
        public void onWritable(Connection connection) {
            // nothing waits
        }

        @Override
        public void onClosed(Connection connection) {
            // nobody asks
        }

        @Override
        public void endOfBatch() {
            // nothing was sent in return
        }
    }
}
