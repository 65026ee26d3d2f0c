package io.longwire.saver.inbox;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

import static org.awaitility.Awaitility.await;

/** The inboxes of a Redis of their own, under a clock that stands still. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InboxOnRedis {
    final VirtualClock clock = new VirtualClock();
    final PrometheusMetrics metrics = new PrometheusMetrics();
    final Inbox inbox = new Inbox(clock);
    final SlotKeys slots = new SlotKeys(clock);
    RedisServer redis;
    RedisNodes nodes;
    RedisSession session;
    long endpoints = 4096 * 77;
    int counter;

    @BeforeAll
    void start() {
        clock.setWall(Instant.ofEpochMilli(Clock.system().wallMillis())); // key expiry is by Redis's own clock
        redis = Stores.shared().freshRedis();
        nodes = new RedisNodes(new RedisConfig(List.of("127.0.0.1:" + redis.port()), false, "", "",
                Duration.ofSeconds(5), 20_000), Live.fixed(Duration.ofSeconds(5)), clock, metrics);
        session = await().until(() -> nodes.session(0), found -> found != null);
    }

    @AfterAll
    void stop() {
        nodes.close();
        metrics.close();
    }

    Appended append(MessageRow row, Caps caps) throws Exception {
        return get(inbox.append(session, row, caps, false));
    }

    Looked fetch(long endpoint) throws Exception {
        return get(inbox.fetch(session, endpoint, List.of(), 8, 64 << 10));
    }

    long remove(long endpoint, Long... messages) throws Exception {
        return get(inbox.remove(session, endpoint, List.of(messages), true));
    }

    MessageRow row(long endpoint, String text) {
        return row(endpoint, text, Duration.ofHours(10));
    }

    static List<Long> ids(Looked looked) {
        return looked.messages().stream().map(Looked.Waiting::message).toList();
    }

    MessageRow row(long endpoint, String text, Duration ttl) {
        long now = clock.wallMillis();
        return new MessageRow(new MessageKey(endpoint, MessageId.of(now, 1, ++counter & 4095)), 9, 0,
                now + ttl.toMillis(), now, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }
}
