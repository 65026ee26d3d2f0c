package io.longwire.bench.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection with one request at a time. Reads replies with a Content-Length, which is what our servers
 * send; anything else ends it. Owned by its loop.
 */
final class HttpLine extends ChannelInboundHandlerAdapter {
    private static final int MOST_BYTES = 1 << 20;

    private @Nullable ByteBuf held;
    private @Nullable CompletableFuture<HttpReply> waiting;

    /** Sends a whole request; the reply completes the promise. On the loop, with nothing unanswered. */
    void request(ChannelHandlerContext ctx, byte[] request, CompletableFuture<HttpReply> promise) {
        waiting = promise;
        ctx.writeAndFlush(ctx.alloc().directBuffer(request.length).writeBytes(request), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
        var came = (ByteBuf) message;
        ByteBuf in = held == null ? came : held.writeBytes(came);
        boolean isOurs = held != null;
        if (isOurs) {
            came.release();
        }
        HttpReply reply = read(in);
        if (reply == null) {
            if (!isOurs) {
                held = ctx.alloc().buffer(2 * in.readableBytes(), MOST_BYTES).writeBytes(in, in.readerIndex(),
                        in.readableBytes());
                in.release();
            }
            return;
        }
        held = null;
        in.release();
        CompletableFuture<HttpReply> promise = waiting;
        waiting = null;
        if (promise != null) {
            promise.complete(reply);
        }
    }

    private static @Nullable HttpReply read(ByteBuf in) throws IOException {
        int from = in.readerIndex();
        int head = endOfHead(in);
        if (head < 0) {
            return null;
        }
        String lines = in.toString(from, head - from, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int at = lines.indexOf("content-length:");
        if (!lines.startsWith("http/1.1 ") || at < 0) {
            throw new IOException("http: " + lines.lines().findFirst().orElse("") + " (expected: a Content-Length)");
        }
        int length = Integer.parseInt(lines.substring(at + 15, lines.indexOf('\r', at)).strip());
        int status = Integer.parseInt(lines.substring(9, 12));
        return in.writerIndex() - head < length ? null : HttpReply.of(status, in, head, length);
    }

    private static int endOfHead(ByteBuf in) {
        for (int i = in.readerIndex(); i + 4 <= in.writerIndex(); i++) {
            if (in.getInt(i) == 0x0D0A0D0A) {
                return i + 4;
            }
        }
        return -1;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended(new IOException("http: connection closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended(cause);
        ctx.close();
    }

    private void ended(Throwable cause) {
        ByteBuf partial = held;
        if (partial != null) {
            partial.release();
            held = null;
        }
        CompletableFuture<HttpReply> promise = waiting;
        waiting = null;
        if (promise != null) {
            promise.completeExceptionally(cause);
        }
    }
}
