package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.saver.client.SaverClient;
import io.longwire.testkit.stores.FreePorts;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Starting while stores are down, or set up so that they would lose messages. */
final class SaverStartIT {
    @TempDir
    private static Path directory = Path.of("");
    private final Stores.Namespace namespace = Stores.shared().freshNamespace("start");

    @Test
    void startsWithoutItsStoresRefusesTypedAndKeepsTrying() throws Exception {
        try (Service saver = start(FreePorts.next()); Service probe = probe()) {
            var client = probe.own(new SaverClient(probe.rpc(), probe.cluster()));
            await().until(() -> !probe.cluster().members("saver").isEmpty());

            AppendResult append = get(client.append(AppendItem.newBuilder().setEndpointId(1)
                    .setMessageId(MessageId.of(probe.clock().wallMillis(), 1, 1)).setAppId(1)
                    .setExpireAtMs(Long.MAX_VALUE).setEnvelope(ByteString.copyFromUtf8("x"))
                    .build()));
            FetchResult fetch = get(client.fetch(FetchItem.newBuilder().setEndpointId(1).build()));

            assertThat(append.getCode()).isEqualTo(AppendResult.Code.UNAVAILABLE);
            assertThat(append.getReason()).startsWith("ledger 0: ");
            assertThat(fetch.getCode()).isEqualTo(FetchResult.Code.UNAVAILABLE);
            assertThat(saver.cluster().self().part()).isEqualTo("saver");
        }
    }

    @Test
    void refusesARedisThatWouldEvictMessages() {
        try (RedisServer evicting = RedisServer.start(RedisServer.Options.in(directory.resolve("evicting"))
                .config("maxmemory", "64mb").config("maxmemory-policy", "allkeys-lru"))) {
            assertThatThrownBy(() -> start(evicting.port())).isInstanceOf(StartFailure.class).hasMessageContaining(
                    "maxmemory-policy: allkeys-lru (expected: noeviction");
        }
    }

    private Service start(int redisPort) {
        return Service.start("saver", ConfigNode.of(Map.of("service", service("saver"), "startWait", "2s", "shards",
                List.of(Map.of("url", "jdbc:mysql://127.0.0.1:" + FreePorts.next() + "/none")), "redis",
                Map.of("nodes", List.of("127.0.0.1:" + redisPort)))), SaverConfig::read,
                (service, config) -> SaverMain.wire(service, config, new FakeReach()), HaltPoints.none());
    }

    private Service probe() {
        return Service.start("probe", ConfigNode.of(Map.of("service", service("probe"))), node -> "",
                (service, config) -> {
                }, HaltPoints.none());
    }

    private Map<String, Object> service(String name) {
        return Map.of("zookeeper", namespace.connectString(), "namespace", namespace.name(), "dataDir",
                directory.resolve(name).toString(), "secrets", directory.resolve("secrets.yaml").toString());
    }
}
