package io.longwire.coordinator.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Hears what the scripts publish on one node. Looked at every half second and opened again when it broke; what was
 * published in between is lost, which is why whoever waits for it looks by itself once a second too.
 */
final class WakeLink implements AutoCloseable {
    private static final Duration CHECK = Duration.ofMillis(500);

    private final RedisClient client;
    private final RedisURI address;
    private final BiConsumer<String, String> heard;
    private final Clock.Cancellable checking;
    private final AtomicBoolean opening = new AtomicBoolean();
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> connection;
    private volatile boolean closed;

    WakeLink(RedisClient client, RedisURI address, Clock clock, BiConsumer<String, String> heard) {
        this.client = client;
        this.address = address;
        this.heard = heard;
        this.checking = clock.every(CHECK, this::check);
        check();
    }

    private synchronized void check() {
        var now = connection;
        if (closed || (now != null && now.isOpen()) || !opening.compareAndSet(false, true)) {
            return;
        }
        client.connectPubSubAsync(StringCodec.ASCII, address).whenComplete((made, failure) -> {
            if (made != null) {
                made.addListener(new RedisPubSubAdapter<>() {
                    @Override
                    public void message(String pattern, String channel, String message) {
                        heard.accept(channel, message);
                    }
                });
                made.async().psubscribe(Keys.WAKES);
                connection = made;
                if (closed) {
                    made.closeAsync();
                }
            }
            opening.set(false);
        });
    }

    /** After it nothing connects any more: a client that has ended would begin anew for it. */
    @Override
    public synchronized void close() {
        closed = true;
        checking.cancel();
        var now = connection;
        if (now != null) {
            now.closeAsync();
        }
    }
}
