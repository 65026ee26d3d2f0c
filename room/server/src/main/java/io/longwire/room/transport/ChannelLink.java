package io.longwire.room.transport;

import io.longwire.room.accept.Gate;
import io.longwire.room.accept.Refusal;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Inbound;
import io.longwire.room.session.Link;
import io.longwire.room.session.SharedFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One Netty channel as the room's {@link Link}, and the only handler of ours in its pipeline: bytes go in to the
 * logic as they come, what the logic sends is gathered in one pooled buffer and leaves at the end of the batch; a
 * shared frame with nothing before it leaves as it is. 40 bytes. Belongs to the channel's event loop.
 */
final class ChannelLink extends ChannelInboundHandlerAdapter implements Link {
    private static final int LARGEST_GATHER = 32 * 1024;
    private static final int SMALLEST_GATHER = 256;
    private static final int LINGER_MILLIS = 1_000;

    private static final byte OPEN = 0;
    private static final byte LOGGED_IN = 1;
    private static final byte OVER = 2;

    private final Shared shared;
    private final Inbound inbound;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Connection connection;
    private @Nullable ByteBuf gathered;
    private byte gate = OVER;
    private boolean closing;

    /** What the links of a listener share. */
    interface Shared {
        Gate gate();

        /** The bytes of the phone's address. */
        byte[] address(Channel channel);

        /** An error below the protocol. */
        void onError(Throwable error);
    }

    ChannelLink(Shared shared, Inbound inbound) {
        this.shared = shared;
        this.inbound = inbound;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        if (added.channel().isActive()) {
            begin(added);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        begin(active);
    }

    private void begin(ChannelHandlerContext active) {
        if (connection != null || closing) {
            return;
        }
        Refusal refusal = shared.gate().admit(shared.address(active.channel()));
        if (refusal == null || (refusal == Refusal.RATE && active.pipeline().get(SslHandler.class) == null)) {
            gate = OPEN;
            connection = inbound.onOpen(this, refusal != null);
            return;
        }
        if (refusal == Refusal.RATE) { // a handshake only to say BUSY would cost more than a login
            shared.gate().closed(shared.address(active.channel()), false);
        }
        closing = true;
        active.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext at, Object message) {
        try {
            Connection reading = connection;
            if (reading != null && !closing && message instanceof ByteBuf bytes) {
                read(reading, bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(Connection reading, ByteBuf bytes) {
        if (bytes.nioBufferCount() == 1) {
            ByteBuffer buffer = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
            inbound.onBytes(reading, buffer, buffer.position(), buffer.limit());
        } else {
            for (ByteBuffer buffer : bytes.nioBuffers()) {
                inbound.onBytes(reading, buffer, buffer.position(), buffer.limit());
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext at) {
        inbound.endOfBatch();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext at) {
        Connection waiting = connection;
        if (waiting != null && !closing && at.channel().isWritable()) {
            inbound.onWritable(waiting);
            inbound.endOfBatch();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext at) {
        Connection lost = connection;
        boolean byPeer = !closing;
        closing = true;
        connection = null;
        drop();
        if (gate != OVER) {
            shared.gate().closed(shared.address(at.channel()), gate == LOGGED_IN);
            gate = OVER;
        }
        if (lost != null && byPeer) {
            inbound.onClosed(lost);
            inbound.endOfBatch();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext at, Throwable error) {
        shared.onError(error);
        at.close();
    }

    @Override
    public void send(byte[] bytes, int from, int length) {
        ChannelHandlerContext to = context;
        if (closing || to == null) {
            return;
        }
        ByteBuf into = gathered;
        if (into != null && (into.isReadOnly() || into.readableBytes() + length > LARGEST_GATHER)) {
            to.write(into, to.voidPromise());
            into = null;
        }
        if (into == null) {
            into = to.alloc().directBuffer(Math.max(SMALLEST_GATHER, length));
            gathered = into;
        }
        into.writeBytes(bytes, from, length);
    }

    @Override
    public void send(SharedFrame frame) {
        if (gathered != null) {
            send(frame.bytes(), 0, frame.bytes().length);
        } else if (!closing && context != null) {
            gathered = Unpooled.wrappedBuffer(frame.direct());
        }
    }

    @Override
    public void flush() {
        ChannelHandlerContext to = context;
        ByteBuf bytes = gathered;
        if (to == null || closing) {
            return;
        }
        if (bytes != null) {
            gathered = null;
            to.writeAndFlush(bytes, to.voidPromise());
        }
        Connection of = connection;
        if (gate == OPEN && of != null && of.phase() == Connection.LIVE) {
            gate = LOGGED_IN;
            shared.gate().loggedIn(shared.address(to.channel()));
        }
    }

    @Override
    public boolean writable() {
        ChannelHandlerContext to = context;
        ByteBuf bytes = gathered;
        return to != null && !closing && to.channel().isWritable()
                && (bytes == null || bytes.readableBytes() < LARGEST_GATHER);
    }

    @Override
    public int pending() {
        ChannelHandlerContext to = context;
        ByteBuf bytes = gathered;
        if (to == null || closing) {
            return 0;
        }
        ChannelOutboundBuffer buffer = to.channel().unsafe().outboundBuffer();
        return (bytes == null ? 0 : bytes.readableBytes())
                + (buffer == null ? 0 : (int) Math.min(buffer.totalPendingWriteBytes(), Integer.MAX_VALUE / 2));
    }

    @Override
    public void close() {
        ChannelHandlerContext to = context;
        if (closing || to == null) {
            return;
        }
        flush();
        closing = true;
        connection = null;
        Channel channel = to.channel();
        if (to.pipeline().get(SslHandler.class) == null && channel instanceof DuplexChannel duplex) {
            // A close with unread bytes would be a reset, which can overtake the last frame: let the phone close first.
            duplex.shutdownOutput();
            to.executor().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            to.close();
        }
    }

    private void drop() {
        ByteBuf bytes = gathered;
        gathered = null;
        if (bytes != null) {
            bytes.release();
        }
    }
}
