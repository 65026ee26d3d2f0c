package io.longwire.dispatcher.http;

import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection; lives on its loop. Pipelined requests are worked at once and answered in order; more than 16
 * unanswered ones stop the reading.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final int MAX_PIPELINED = 16;

    private final HttpApi api;
    private final Clock clock;
    private final Metrics metrics;
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>(2);

    /** A request whose answer is not written yet. */
    private record Pending(CompletableFuture<Reply> reply, boolean keepAlive, long sinceNanos) {
    }

    HttpConnection(HttpApi api, Clock clock, Metrics metrics) {
        this.api = api;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest http) {
        metrics.counter(DispatcherMetric.REQUESTS).increment();
        long now = clock.nanos();
        Request request = request(context, http);
        CompletableFuture<Reply> reply = http.decoderResult().isSuccess()
                ? answer(request)
                : CompletableFuture.completedFuture(Reply.refused(request, 400, "bad_request",
                        "request: not HTTP (expected: HTTP/1.1)", 0));
        waiting.add(new Pending(reply, HttpUtil.isKeepAlive(http) && http.decoderResult().isSuccess(), now));
        if (waiting.size() > MAX_PIPELINED) {
            context.channel().config().setAutoRead(false);
        }
        reply.whenComplete((ignored, failure) -> {
            if (context.executor().inEventLoop()) {
                writeReady(context);
            } else {
                context.executor().execute(() -> {
                    writeReady(context);
                    context.flush();
                });
            }
        });
    }

    private CompletableFuture<Reply> answer(Request request) {
        try {
            return api.answer(request).exceptionally(failure -> failed(request, failure));
        } catch (BadRequest bad) {
            return CompletableFuture
                    .completedFuture(Reply.refused(request, 400, "bad_request", String.valueOf(bad.getMessage()), 0));
        } catch (RuntimeException bug) {
            return CompletableFuture.completedFuture(failed(request, bug));
        }
    }

    private static Reply failed(Request request, Throwable failure) {
        LOG.error("a request failed: {} {}", request.method(), request.path(), failure);
        return Reply.refused(request, 500, "internal", "request: failed (expected: never; it is logged)", 1000);
    }

    private static Request request(ChannelHandlerContext context, FullHttpRequest http) {
        var uri = new QueryStringDecoder(http.uri());
        boolean protobuf = Reply.PROTOBUF.equals(http.headers().get(HttpHeaderNames.ACCEPT))
                || Reply.PROTOBUF.equals(http.headers().get(HttpHeaderNames.CONTENT_TYPE));
        return new Request(http.method().name(), uri.path(), uri.parameters(), ByteBufUtil.getBytes(http.content()),
                protobuf, ((InetSocketAddress) context.channel().remoteAddress()).getAddress());
    }

    private void writeReady(ChannelHandlerContext context) {
        Pending first;
        while ((first = waiting.peek()) != null && first.reply.isDone()) {
            waiting.remove();
            Reply reply = first.reply.join();
            count(reply, first.sinceNanos);
            write(context, reply, first.keepAlive);
        }
        if (waiting.size() <= MAX_PIPELINED / 2) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void count(Reply reply, long sinceNanos) {
        metrics.timer(DispatcherMetric.REQUEST_TIME).record(Duration.ofNanos(clock.nanos() - sinceNanos));
        if (!reply.code().isEmpty()) {
            metrics.counter(DispatcherMetric.REFUSED, "reason", reply.code()).increment();
        }
    }

    private static void write(ChannelHandlerContext context, Reply reply, boolean keepAlive) {
        var http = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()),
                Unpooled.wrappedBuffer(reply.body()));
        http.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
        http.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        if (reply.retryAfterMillis() > 0) {
            http.headers().set(HttpHeaderNames.RETRY_AFTER, Math.max(1, reply.retryAfterMillis() / 1000));
        }
        if (!keepAlive) {
            http.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        var written = context.write(http);
        if (!keepAlive) {
            written.addListener(done -> context.close());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof ReadTimeoutException) && !(cause instanceof TooLongFrameException)) {
            metrics.counter(DispatcherMetric.CONNECTION_ERRORS).increment();
            LOG.debug("connection broke", cause);
        }
        context.close();
    }
}
