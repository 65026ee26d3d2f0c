package io.longwire.coordinator;

import com.google.protobuf.ByteString;
import io.longwire.coordinator.channel.ChannelConfig;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.ChannelStore;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Loop;
import io.longwire.coordinator.keep.KeepConfig;
import io.longwire.coordinator.keep.Uplinks;
import io.longwire.coordinator.redis.RedisConfig;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.trim.Trimming;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.LiveValue;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;

/** A coordinator without its ports, on a real Redis: it can die without a goodbye. */
final class Rig implements AutoCloseable {
    static final int APP = 7;
    static final Duration MINUTE = Duration.ofMinutes(1);
    /** 5,000 for each partition. */
    static final long DEAD_BYTES = 5_000L * 64;
    /** All of one partition. */
    static final long ENDPOINT = 4096L * 99 + 130;

    final RedisNodes redis;
    final LiveValue<ChannelConfig> config;
    final LiveValue<KeepConfig> keeping;
    final Uplinks uplinks;
    final Channels channels;
    final ChannelStore store;
    final PrometheusMetrics metrics = new PrometheusMetrics();
    private final Loop loop = new Loop();
    private final Trimming trimming;

    private Rig(String self, RedisConfig nodes, KeepConfig keep, ChannelConfig config) {
        this.redis = new RedisNodes(nodes, Clock.system(), metrics);
        this.keeping = new LiveValue<>(keep);
        this.uplinks = new Uplinks(redis, keeping, () -> 1, Clock.system(), metrics);
        this.config = new LiveValue<>(config);
        this.store = new ChannelStore(redis, this.config::get, keep.typesPerApp(), metrics);
        this.channels = new Channels(store, this.config, self, loop, Clock.system(), metrics).start(redis);
        this.trimming = new Trimming(redis, () -> keeping.get().maxAge(), any -> true, Clock.system(), metrics);
        awaitRedis();
    }

    static Rig start(String self, int port) {
        return start(self, port, keep(1 << 20, Duration.ofDays(3)));
    }

    static Rig start(String self, int port, KeepConfig keep) {
        return start(self, store(port, 0), keep);
    }

    static Rig start(String self, RedisConfig store, KeepConfig keep) {
        return start(self, store, keep, Duration.ofSeconds(1));
    }

    static Rig start(String self, int port, Duration lease) {
        return start(self, store(port, 0), keep(1 << 20, Duration.ofDays(3)), lease);
    }

    private static Rig start(String self, RedisConfig store, KeepConfig keep, Duration lease) {
        return new Rig(self, store, keep, new ChannelConfig(4, 3, 100, MINUTE, lease, 100, DEAD_BYTES));
    }

    /** @param replicas that must have an uplink */
    static RedisConfig store(int port, int replicas) {
        return new RedisConfig(List.of("127.0.0.1:" + port), "", "", Duration.ofSeconds(5), 20_000, replicas,
                Duration.ofMillis(200));
    }

    /** @param bytesPerPartition what an app may hold in one partition */
    static KeepConfig keep(long bytesPerPartition, Duration maxAge) {
        return new KeepConfig(bytesPerPartition * 64, 4, maxAge, 10_000, 1_000_000, 20_000);
    }

    void awaitRedis() {
        await().until(() -> redis.session(0) != null && redis.keeping(0) != null);
    }

    FakeTaker taker(String channel, int rdy) throws Exception {
        return taker(channel, rdy, MINUTE);
    }

    FakeTaker taker(String channel, int rdy, Duration inFlight) throws Exception {
        return new FakeTaker(channels, name(channel), inFlight, rdy).attached();
    }

    static ChannelName name(String channel) {
        return new ChannelName(APP, "order", channel);
    }

    UplinkResult.Code send(long endpoint, long seq, String text) throws Exception {
        return send(item(endpoint, seq, text)).getCode();
    }

    UplinkResult send(UplinkItem item) throws Exception {
        return uplinks.keep(UplinkBatch.newBuilder().addItems(item).build()).get(10, TimeUnit.SECONDS).getResults(0);
    }

    static UplinkItem item(long endpoint, long seq, String text) {
        return UplinkItem.newBuilder().setEndpointId(endpoint).setAppId(APP).setSeq(seq).setType("order")
                .setBody(ByteString.copyFromUtf8(text)).setReceivedMs(1_000).build();
    }

    /** The process is gone: nothing is said, nothing given back. */
    void crash() {
        loop.close();
        trimming.close();
        redis.close();
        metrics.close();
    }

    @Override
    public void close() {
        trimming.close();
        channels.close();
        crash();
    }
}
