package io.longwire.room.transport;

import io.longwire.device.Limits;
import io.longwire.room.accept.Gate;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the PROXY header a balancer sends first, keeps the phone's address from it, and makes way for the rest of
 * the pipeline. Until then nothing else of ours is in it. Belongs to the channel's event loop.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** Only channels behind a balancer have an attribute at all. */
    static final AttributeKey<byte[]> ADDRESS = AttributeKey.valueOf("longwire.room.address");

    private final Gate gate;
    private final Runnable then;
    private boolean refused;

    /** @param then puts the rest into the pipeline */
    ProxyHeader(Gate gate, Runnable then) {
        this.gate = gate;
        this.then = then;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor().schedule(() -> {
            if (!context.isRemoved()) {
                refuse(context);
            }
        }, Limits.FIRST_FRAME_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            context.channel().attr(ADDRESS).set(InetAddress.ofLiteral(header.sourceAddress()).getAddress());
        } catch (IllegalArgumentException | NullPointerException local) { // LOCAL: the balancer's own health check
            refuse(context);
            return;
        } finally {
            header.release();
        }
        then.run();
        context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        refuse(context);
    }

    private void refuse(ChannelHandlerContext context) {
        if (!refused) { // a broken header may be reported more than once
            refused = true;
            gate.refusedByProxy();
            context.close();
        }
    }
}
