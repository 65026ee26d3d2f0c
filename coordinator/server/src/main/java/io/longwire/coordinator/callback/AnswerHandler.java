package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Posted.Answered;
import io.longwire.coordinator.callback.Posted.Failed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Gathers the answer to one request after the other of a connection, and gives it up above its bound. The answer is
 * owned by the connection's event loop; any thread may ask, when the answer before has come.
 */
final class AnswerHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final String PUSH_PACE = "push-pace";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable HttpResponse head;
    private volatile CompletableFuture<Posted> asked = CompletableFuture
            .completedFuture(new Failed(Reason.CUT_OFF, "nothing was asked"));
    private volatile boolean begun;
    private volatile boolean reusable;

    /** Sends a request; completes with what comes of it, never exceptionally. */
    CompletableFuture<Posted> ask(Channel channel, FullHttpRequest request) {
        var answer = new CompletableFuture<Posted>();
        asked = answer;
        begun = false;
        reusable = false;
        channel.writeAndFlush(request).addListener(written -> {
            if (!written.isSuccess()) {
                fail(Reason.CUT_OFF, String.valueOf(written.cause()));
            }
        });
        return answer;
    }

    /** Something of the answer to the last request has come. */
    boolean begun() {
        return begun;
    }

    /** The whole answer has come, and the connection takes another request. */
    boolean reusable() {
        return reusable;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        begun = true;
        if (asked.isDone()) {
            context.close(); // an answer to nothing
            return;
        }
        if (part.decoderResult().isFailure()) {
            give(context, new Failed(Reason.NOT_HTTP, String.valueOf(part.decoderResult().cause().getMessage())));
            return;
        }
        if (part instanceof HttpResponse response) {
            head = response;
            body.reset();
        }
        if (part instanceof HttpContent content && !gather(content.content())) {
            give(context, new Failed(Reason.TOO_LARGE, "above " + Outbound.MAX_ANSWER + " bytes"));
            return;
        }
        HttpResponse now = head;
        if (part instanceof LastHttpContent && now != null && now.status().code() >= 200) {
            reusable = HttpUtil.isKeepAlive(now);
            var headers = now.headers();
            asked.complete(new Answered(now.status().code(), headers.get(HttpHeaderNames.CONTENT_TYPE, ""),
                    headers.get(HttpHeaderNames.RETRY_AFTER, ""), headers.get(PUSH_PACE, ""),
                    body.toByteArray()));
            head = null;
        }
    }

    private boolean gather(ByteBuf part) {
        if (body.size() + part.readableBytes() > Outbound.MAX_ANSWER) {
            return false;
        }
        try {
            part.readBytes(body, part.readableBytes());
            return true;
        } catch (IOException impossible) {
            throw new IllegalStateException("memory could not be written", impossible);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(Reason.CUT_OFF, "the connection ended before the answer");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(Reason.CUT_OFF, String.valueOf(cause.getMessage()));
        context.close();
    }

    private void give(ChannelHandlerContext context, Failed failed) {
        fail(failed.reason(), failed.text());
        context.close();
    }

    private void fail(Reason reason, String text) {
        asked.complete(new Failed(reason, text));
    }
}
