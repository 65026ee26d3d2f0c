package io.longwire.room.ban;

import io.longwire.device.Code;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.login.Bans;
import io.longwire.room.metric.RoomMetric;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import io.longwire.saver.client.BanFeed;
import io.longwire.saver.client.BanFeed.Banned;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The bans of the feed, as logins see them and as sessions feel them. A loop that is too busy to end a session is asked
 * again each second, until it did, the session is not here or the ban is over. Thread-safe, never blocks.
 */
public final class BannedEndpoints implements Bans, BanFeed.Listener, AutoCloseable {
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST_MILLIS = (int) Duration.ofHours(1).toMillis();

    private static final long NOWHERE = -1;

    private final LongUnaryOperator handles;
    private final Clock clock;
    private final Counter ended;
    private final Set<Long> busy = ConcurrentHashMap.newKeySet(); // those whose next try is scheduled
    private volatile boolean closed;
    private volatile @Nullable BanFeed feed;
    private volatile @Nullable Function<ControlItem, CompletableFuture<ControlResult>> sessions;

    /** @param handles the home handle of an endpoint's session in this room; -1 = it has none */
    public BannedEndpoints(LongUnaryOperator handles, Clock clock, Metrics metrics) {
        this.handles = handles;
        this.clock = clock;
        this.ended = metrics.counter(RoomMetric.BANNED_SESSIONS);
    }

    /** Connects the feed and the sessions; once, before the feed begins. */
    public void start(BanFeed bans, Function<ControlItem, CompletableFuture<ControlResult>> control) {
        feed = bans;
        sessions = control;
    }

    @Override
    public @Nullable Ban of(long endpointId) {
        BanFeed known = feed;
        Banned banned = known == null ? null : known.endpoint(endpointId);
        return banned == null ? null : new Ban((int) Math.min(banned.leftMillis(), MOST_MILLIS), banned.reason());
    }

    @Override
    public void banned(List<Long> endpoints) {
        endpoints.forEach(this::end);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void end(long endpoint) {
        long handle = handles.applyAsLong(endpoint);
        Ban ban = handle == NOWHERE ? null : of(endpoint);
        if (ban != null) {
            end(endpoint, handle, ban);
        }
    }

    private void again(long endpoint) {
        if (!closed && busy.add(endpoint)) {
            clock.schedule(AGAIN, () -> {
                busy.remove(endpoint);
                end(endpoint);
            });
        }
    }

    private void end(long endpoint, long handle, Ban ban) {
        Objects.requireNonNull(sessions, "sessions: not started")
                .apply(ControlItem.newBuilder().setKind(ControlItem.Kind.KICK).setEndpointId(endpoint)
                        .setHandle(handle).setCode(Code.BLOCKED).setRetryAfterMs(ban.retryAfterMillis())
                        .setText(ban.reason()).build())
                .thenAccept(result -> {
                    if (result.getCode() == ControlResult.Code.DONE) {
                        ended.increment();
                    } else if (result.getCode() == ControlResult.Code.BUSY) {
                        again(endpoint);
                    }
                });
    }
}
