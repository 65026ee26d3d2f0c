package io.longwire.center.face;

import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.longwire.center.CenterMetric;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Bounds the bytes of request bodies that this process holds at once, whoever sends them and however slowly. A
 * call whose bytes would go beyond is refused BUSY. Bodies are counted as they come, so they pass as streams: the
 * server's own gathering of whole requests, and its fused {@code peekData}, would show them at their end only.
 * Thread-safe.
 */
final class BodyBudget extends SimpleDecoratingHttpService {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Held held;

    private BodyBudget(HttpService next, Held held) {
        super(next);
        this.held = held;
    }

    /**
     * Puts services under one common bound.
     *
     * @param maxBytes asked for each piece of a body
     */
    static Function<HttpService, HttpService> of(LongSupplier maxBytes, Metrics metrics) {
        var held = new Held(maxBytes, metrics, new AtomicLong());
        metrics.gauge(CenterMetric.BODY_BYTES, held.bytes::get);
        return next -> new BodyBudget(next, held);
    }

    @Override
    public ExchangeType exchangeType(RoutingContext context) {
        return ExchangeType.BIDI_STREAMING;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
        var body = new Body(held);
        context.log().whenComplete().thenRun(body::end);
        HttpRequest counted = HttpRequest.of(request.headers(),
                subscriber -> request.subscribe(new Counting(subscriber, body), context.eventLoop()));
        context.updateRequest(counted);
        return ((HttpService) unwrap()).serve(context, counted);
    }

    /** What all calls hold. */
    private record Held(LongSupplier maxBytes, Metrics metrics, AtomicLong bytes) {
    }

    /** What one call holds. */
    private static final class Body {
        private static final long ENDED = Long.MIN_VALUE;

        private final Held held;
        private final AtomicLong own = new AtomicLong();

        Body(Held held) {
            this.held = held;
        }

        /** Bytes that come after the call has ended count no more. */
        void take(int bytes) {
            if (own.getAndUpdate(before -> before == ENDED ? ENDED : before + bytes) == ENDED) {
                return;
            }
            long most = held.maxBytes.getAsLong();
            if (held.bytes.addAndGet(bytes) > most) {
                held.metrics.counter(CenterMetric.BODIES_FULL).increment();
                throw Refused.later(Why.BUSY,
                        "bodies: above " + most + " bytes at once (expected: fewer)", RETRY);
            }
        }

        void end() {
            long mine = own.getAndSet(ENDED);
            if (mine != ENDED) {
                held.bytes.addAndGet(-mine);
            }
        }
    }

    /** Counts on the way; ends the stream with the refusal. Called by the request's event loop alone. */
    private static final class Counting implements Subscriber<HttpObject> {
        private final Subscriber<? super HttpObject> next;
        private final Body body;
        private @Nullable Subscription upstream;
        private boolean refused;

        Counting(Subscriber<? super HttpObject> next, Body body) {
            this.next = next;
            this.body = body;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            next.onSubscribe(subscription);
        }

        @Override
        public void onNext(HttpObject part) {
            if (refused) {
                return;
            }
            try {
                if (part instanceof HttpData data) {
                    body.take(data.length());
                }
            } catch (Refused busy) {
                refused = true;
                Objects.requireNonNull(upstream).cancel();
                next.onError(busy);
                return;
            }
            next.onNext(part);
        }

        @Override
        public void onError(Throwable broken) {
            if (!refused) {
                next.onError(broken);
            }
        }

        @Override
        public void onComplete() {
            if (!refused) {
                next.onComplete();
            }
        }
    }
}
