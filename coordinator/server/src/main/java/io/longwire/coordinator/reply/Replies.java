package io.longwire.coordinator.reply;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.Refusal;
import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.register.client.Lookup;
import io.longwire.room.client.ReplyOrder;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings replies to phones: looks up, hands over, and tries again for at most {@link #PATIENCE} while the phone is on
 * its way back from a flash disconnect, its socket is full, or a part does not answer. Then it is dropped and the
 * product told: a reply is worth something only while an app waits, so it is stored nowhere. What the phone gets twice
 * it takes once.
 *
 * <p>Bound: {@link #MOST} under way here, half of them of one app; above that Refusal BUSY. Thread-safe, never blocks.
 */
public final class Replies {
    static final Duration PATIENCE = Duration.ofSeconds(2);
    static final int MOST = 2_000;

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LAST_CALL = Duration.ofMillis(2_700);

    private final ReplyTokens tokens;
    private final Phones phones;
    private final Clock clock;
    private final Metrics metrics;
    private final AtomicInteger underWay = new AtomicInteger();
    private final ConcurrentHashMap<Integer, Integer> byApp = new ConcurrentHashMap<>();

    /** What one try came to. */
    private enum Try {
        SENT(ReplyState.SENT, true), //
        GONE(ReplyState.GONE, true), //
        /** It dropped a moment ago. */
        AWAY(ReplyState.GONE, false), //
        NOT_KNOWN(ReplyState.UNKNOWN, false);

        private final ReplyState state;
        private final boolean last;

        Try(ReplyState state, boolean last) {
            this.state = state;
            this.last = last;
        }
    }

    public Replies(ReplyTokens tokens, Phones phones, Clock clock, Metrics metrics) {
        this.tokens = tokens;
        this.phones = phones;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(CoordinatorMetric.REPLIES_UNDER_WAY, underWay::get);
        metrics.bound(new Bound(CoordinatorMetric.REPLIES_UNDER_WAY, MOST, CoordinatorMetric.REPLIES, "outcome",
                "dropped"));
    }

    /**
     * Brings a reply of an app. Throws INVALID_ARGUMENT for one that breaks a rule, Refusal when there are too many;
     * the future does not fail, and completes within 3 s.
     */
    public CompletableFuture<ReplyState> send(int app, ReplyRequest request) {
        try {
            Asked asked = ReplyRules.asked(tokens, app, request.getReplyTo());
            return send(asked, ReplyRules.order(asked, request));
        } catch (StatusRuntimeException invalid) {
            count("invalid");
            throw invalid;
        }
    }

    /**
     * The same for one that nobody waits to hear of, and whose token is our own. A body that is too large becomes a
     * refusal, so that at least the app knows.
     */
    public void bring(int app, ReplyRequest request) {
        try {
            Asked asked = ReplyRules.asked(tokens, app, request.getReplyTo());
            send(asked, request.getBody().size() > Limits.REPLY_BYTES
                    ? new ReplyOrder(asked.seq(), Code.TOO_LARGE, ByteString.EMPTY, "body: "
                            + request.getBody().size() + " bytes (expected: at most " + Limits.REPLY_BYTES + ")")
                    : ReplyRules.order(asked, request));
        } catch (StatusRuntimeException invalid) {
            count("invalid");
        } catch (Refusal dropped) {
            return; // counted where there was no place
        }
    }

    private CompletableFuture<ReplyState> send(Asked asked, ReplyOrder order) {
        long left = asked.untilMillis() - clock.wallMillis();
        if (left <= 0) {
            count(ReplyState.TIMED_OUT.label());
            return CompletableFuture.completedFuture(ReplyState.TIMED_OUT);
        }
        take(asked.app());
        var told = new CompletableFuture<ReplyState>();
        attempt(asked, order, clock.nanos() + Math.min(PATIENCE.toNanos(), TimeUnit.MILLISECONDS.toNanos(left)), told);
        return told.completeOnTimeout(ReplyState.UNKNOWN, LAST_CALL.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((state, never) -> {
                    give(asked.app());
                    count(state.label());
                });
    }

    private void attempt(Asked asked, ReplyOrder order, long untilNanos, CompletableFuture<ReplyState> told) {
        phones.find(asked.endpointId()).thenCompose(found -> hand(found, order, true)).whenComplete((done, failure) -> {
            Try now = failure == null ? done : Try.NOT_KNOWN;
            if (now.last || told.isDone() || clock.nanos() + PAUSE.toNanos() - untilNanos >= 0) {
                told.complete(now.state);
            } else {
                clock.schedule(PAUSE, () -> attempt(asked, order, untilNanos, told));
            }
        });
    }

    private CompletableFuture<Try> hand(Lookup found, ReplyOrder order, boolean askOther) {
        return switch (found) {
            case Lookup.Offline offline -> CompletableFuture.completedFuture(Try.GONE);
            case Lookup.Unknown nobody -> CompletableFuture.completedFuture(Try.NOT_KNOWN);
            case Lookup.Online online -> phones.reply(online.session(), order).thenCompose(code -> switch (code) {
                case NOT_HERE -> askOther
                        ? phones.findElsewhere(online).thenCompose(other -> hand(other, order, false))
                        : CompletableFuture.completedFuture(Try.AWAY);
                default -> CompletableFuture.completedFuture(outcome(code));
            });
        };
    }

    private static Try outcome(ControlResult.Code code) {
        return switch (code) {
            case DONE -> Try.SENT;
            case NOT_READY -> Try.GONE; // a phone that takes no replies
            case PARKED, NOT_HERE -> Try.AWAY;
            case ALIVE, SILENT, BUSY, UNRECOGNIZED -> Try.NOT_KNOWN;
        };
    }

    private void take(int app) {
        if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            count("dropped");
            throw busy(MOST);
        }
        if (byApp.merge(app, 1, Integer::sum) > MOST / 2) {
            give(app);
            count("dropped");
            throw busy(MOST / 2);
        }
    }

    private void give(int app) {
        underWay.decrementAndGet();
        byApp.computeIfPresent(app, (same, many) -> many == 1 ? null : many - 1);
    }

    private static Refusal busy(int most) {
        return new Refusal(Refusal.Why.BUSY, "replies: " + most + " under way (expected: fewer)");
    }

    private void count(String outcome) {
        metrics.counter(CoordinatorMetric.REPLIES, "outcome", outcome).increment();
    }
}
