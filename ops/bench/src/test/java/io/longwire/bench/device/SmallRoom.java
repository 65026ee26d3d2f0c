package io.longwire.bench.device;

import com.google.protobuf.ByteString;
import io.longwire.bench.message.Stamp;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a fleet needs of a room: welcomes everybody but the first so many, pushes to all, answers pings, sums acks. */
final class SmallRoom implements AutoCloseable {
    final AtomicLong ackedUpTo = new AtomicLong();
    final AtomicLong pings = new AtomicLong();
    final AtomicLong toRefuse = new AtomicLong();
    /** The id of the message with the number 0. */
    final AtomicLong messageIds = new AtomicLong(1);
    final List<Uplink> uplinks = new CopyOnWriteArrayList<>();
    final AtomicInteger uplinkCode = new AtomicInteger();
    /** Told to each endpoint that binds. */
    final AtomicLong broadcastFloor = new AtomicLong();
    /** Acks of broadcasts, as "endpoint sequence". */
    final List<String> broadcastAcks = new CopyOnWriteArrayList<>();
    /** What each binding said of broadcasts, in the order they came. */
    final List<ByteString> broadcastsSeen = new CopyOnWriteArrayList<>();
    final List<Phone> online = new CopyOnWriteArrayList<>();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel listener;

    SmallRoom() {
        listener = new ServerBootstrap().group(group).channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Phone());
                    }
                }).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly().channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** To everybody, numbered from {@code first}. */
    void pushToAll(int run, long first, long nanos) {
        long number = first;
        for (Phone phone : online) {
            phone.push(run, number++, nanos);
        }
    }

    /** The same bytes to everybody. */
    void broadcast(int app, long sequence) {
        byte[] frame = FrameWriter.frame(FrameType.PUSH, Push.newBuilder().setMessageId(sequence).setAppId(app)
                .setPayload(ByteString.copyFrom(Stamp.payload(64, 1, 0, 0))).setBcastSeq(sequence).build());
        for (Phone phone : online) {
            phone.context().writeAndFlush(Unpooled.wrappedBuffer(frame));
        }
    }

    void resetAll() {
        online.forEach(phone -> phone.context().close());
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The room's side of a connection. */
    final class Phone extends ChannelInboundHandlerAdapter implements FrameReader.Handler {
        private final FrameReader reader = FrameReader.ofRoom();
        private final CompletableFuture<ChannelHandlerContext> ctx = new CompletableFuture<>();
        private long seq;

        ChannelHandlerContext context() {
            return ctx.join();
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            ctx.complete(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws ProtocolError {
            var bytes = (ByteBuf) message;
            try {
                ByteBuffer buffer = bytes.nioBuffer();
                reader.onBytes(buffer, buffer.position(), buffer.limit(), this);
            } finally {
                bytes.release();
            }
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            switch (type) {
                case FrameType.CONNECT -> welcome(FrameBody.parse(Connect.parser(), buffer, from, to));
                case FrameType.PING -> {
                    pings.incrementAndGet();
                    context().writeAndFlush(Unpooled.wrappedBuffer(new byte[]{FrameType.PONG, 0}));
                }
                case FrameType.UPLINK -> uplink(FrameBody.parse(Uplink.parser(), buffer, from, to));
                case FrameType.ACK -> acked(FrameBody.parse(Ack.parser(), buffer, from, to));
                case FrameType.UNBIND -> context().close();
                default -> throw new AssertionError(FrameType.name(type));
            }
            return true;
        }

        @Override
        public void onSkipped(int type) {
            throw new AssertionError("skipped " + type);
        }

        private void uplink(Uplink uplink) throws ProtocolError {
            MessageRules.check(uplink);
            uplinks.add(uplink);
            context().writeAndFlush(Unpooled.wrappedBuffer(FrameWriter.frame(FrameType.UPLINK_REPLY, UplinkReply
                    .newBuilder().setReqId(uplink.getReqId()).setCode(uplinkCode.get()).build())));
        }

        private void acked(Ack ack) {
            ackedUpTo.addAndGet(ack.getUptoSeq());
            ack.getEndpointAcksList().forEach(one -> one.getBcastSeqsList().forEach(sequence -> broadcastAcks
                    .add(Long.toHexString(one.getEndpointId()) + " " + sequence)));
        }

        private void welcome(Connect connect) {
            if (toRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                context().close();
                return;
            }
            reader.authenticated();
            var ack = ConnectAck.newBuilder();
            connect.getBindingsList().forEach(binding -> {
                broadcastsSeen.add(binding.getBcastSeen());
                ack.addResults(BindResult.newBuilder().setConnSeq(binding.getConnSeq())
                        .setBcastFloor(broadcastFloor.get()));
            });
            byte[] frame = FrameWriter.frame(FrameType.CONNECT_ACK, ack.build());
            // First: a phone that was answered may be reset or pushed to by the test at once.
            online.add(this);
            context().writeAndFlush(Unpooled.buffer().writeByte(Limits.PREFACE).writeBytes(frame));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            online.remove(this);
        }

        void push(int run, long number, long nanos) {
            long id = number + messageIds.get();
            context().executor().execute(() -> {
                Push push = Push.newBuilder().setSeq(++seq).setEndpointId(1).setMessageId(id).setAppId(1)
                        .setPayload(ByteString.copyFrom(Stamp.payload(64, run, number, nanos))).build();
                context().writeAndFlush(Unpooled.wrappedBuffer(FrameWriter.frame(FrameType.PUSH, push)));
            });
        }
    }
}
