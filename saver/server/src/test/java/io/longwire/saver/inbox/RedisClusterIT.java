package io.longwire.saver.inbox;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.testkit.stores.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The same scripts on a Redis Cluster of two masters. */
final class RedisClusterIT {
    private static final Clock CLOCK = Clock.system();

    @TempDir
    private static Path directory = Path.of("");

    @Test
    void keepsASlotOnOneMasterAndFindsItByTheTopology() throws Exception {
        try (RedisServer first = node("first");
                RedisServer second = node("second");
                var metrics = new PrometheusMetrics()) {
            join(first, second);
            try (var nodes = new RedisNodes(new RedisConfig(List.of("127.0.0.1:" + first.port()), true, "", "",
                    Duration.ofSeconds(2), 1_000), Live.fixed(Duration.ofSeconds(2)), CLOCK, metrics)) {
                await().until(() -> IntStream.range(0, Slots.COUNT)
                        .allMatch(slot -> nodes.session(slot) != null));
                var inbox = new Inbox(CLOCK);
                long now = CLOCK.wallMillis();

                for (long endpoint = 0; endpoint < 64; endpoint++) {
                    RedisSession session = nodes.session(Slots.of(endpoint));
                    assertThat(session).isNotNull();
                    var row = new MessageRow(new MessageKey(endpoint, MessageId.of(now, 1, 1)), 1, 0, now + 60_000,
                            now, new byte[10]);
                    assertThat(inbox.append(session, row, Caps.DEFAULT, false).get(5, TimeUnit.SECONDS).verdict())
                            .isEqualTo(Appended.Verdict.ADDED);
                    assertThat(inbox.fetch(session, endpoint, List.of(), 8, 1_000).get(5, TimeUnit.SECONDS).messages())
                            .hasSize(1);
                }
                assertThat(nodes.addresses()).hasSize(2);
                assertThat(nodes.trouble()).isEmpty();
            }
        }
    }

    private static RedisServer node(String name) {
        return RedisServer.start(RedisServer.Options.in(directory.resolve(name)).config("cluster-enabled", "yes"));
    }

    private static void join(RedisServer first, RedisServer second) {
        try (RedisClient one = RedisClient.create(first.uri()); RedisClient two = RedisClient.create(second.uri())) {
            RedisCommands<String, String> atFirst = one.connect().sync();
            RedisCommands<String, String> atSecond = two.connect().sync();
            atFirst.clusterAddSlots(IntStream.range(0, 8192).toArray());
            atSecond.clusterAddSlots(IntStream.range(8192, 16384).toArray());
            atFirst.clusterMeet("127.0.0.1", second.port());
            await().until(() -> agrees(atFirst) && agrees(atSecond));
        }
    }

    private static boolean agrees(RedisCommands<String, String> node) {
        String info = node.clusterInfo();
        return info.contains("cluster_state:ok") && info.contains("cluster_slots_assigned:16384");
    }
}
