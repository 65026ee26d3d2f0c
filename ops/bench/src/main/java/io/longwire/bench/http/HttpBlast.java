package io.longwire.bench.http;

import io.longwire.keeper.clock.Clock;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * As many requests as keep-alive connections allow with one unanswered on each. Everything happens on the loop of the
 * connections; the caller waits.
 */
public final class HttpBlast {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final HttpLines lines;
    private final byte[][] requests;
    private final Clock clock;

    /** @param requests sent in turn, from {@link HttpLines#request} */
    public HttpBlast(HttpLines lines, byte[][] requests, Clock clock) {
        this.lines = lines;
        this.requests = requests;
        this.clock = clock;
    }

    /** What came of it; {@code bad} = answers other than 200, and breaks. */
    public record Result(long good, long bad, double seconds, Histogram latency) {
    }

    /** Sends for so many seconds. */
    public Result run(double seconds) {
        var contexts = lines.takeAll();
        var one = new Round(clock.nanos() + (long) (seconds * 1e9), new CountDownLatch(contexts.size()));
        long began = clock.nanos();
        int at = 0;
        for (ChannelHandlerContext ctx : contexts) {
            int first = at++;
            ctx.executor().execute(() -> one.next(ctx, first));
        }
        try {
            one.running.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        lines.giveBack(contexts);
        return new Result(one.good.sum(), one.bad.sum(), (clock.nanos() - began) / 1e9, one.latency);
    }

    private final class Round {
        private final long end;
        private final CountDownLatch running;
        private final LongAdder good = new LongAdder();
        private final LongAdder bad = new LongAdder();
        private final Histogram latency = new ConcurrentHistogram(LONGEST_NANOS, 3);

        Round(long end, CountDownLatch running) {
            this.end = end;
            this.running = running;
        }

        void next(ChannelHandlerContext ctx, int at) {
            long sent = clock.nanos();
            if (sent - end >= 0) {
                running.countDown();
                return;
            }
            var promise = new CompletableFuture<HttpReply>();
            promise.whenComplete((reply, failure) -> {
                if (failure != null) {
                    bad.increment();
                    running.countDown();
                    return;
                }
                (reply.status() == 200 ? good : bad).increment();
                latency.recordValue(Math.clamp(clock.nanos() - sent, 0, LONGEST_NANOS));
                next(ctx, at + 1);
            });
            ((HttpLine) ctx.handler()).request(ctx, requests[at % requests.length], promise);
        }
    }
}
