package io.longwire.coordinator;

import io.longwire.coordinator.callback.CallbackConfig;
import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import io.longwire.coordinator.callback.CallbackRules;
import io.longwire.coordinator.callback.CallbackStore;
import io.longwire.coordinator.callback.Callbacks;
import io.longwire.coordinator.channel.ChannelBooks;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.consume.Events;
import io.longwire.coordinator.pace.PaceConfig;
import io.longwire.coordinator.pace.Paces;
import io.longwire.coordinator.reply.ReplyTokens;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.coordinator.UplinkBatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A rig that sends callbacks too: quick to try again, so that a test sees many attempts. */
final class CallbackRig implements AutoCloseable {
    static final String SECRET = "0123456789abcdef";
    static final PaceConfig PACE = new PaceConfig(Duration.ofSeconds(3), Duration.ofSeconds(60), 10,
            Duration.ofSeconds(2));
    private static final EndpointId IDS = new EndpointId(
            "k".repeat(32).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private static final ReplyTokens TOKENS = new ReplyTokens(new byte[32]);

    final Rig rig;
    final Paces paces;
    private final CallbackStore store;
    private final Callbacks callbacks;
    /** What backends answered to requests. */
    final List<ReplyRequest> replies = new CopyOnWriteArrayList<>();

    CallbackRig(String self, int redisPort, List<String> allow) {
        this(self, redisPort, allow, new BreakerConfig(5, Duration.ofMillis(100), Duration.ofMillis(400)));
    }

    CallbackRig(String self, int redisPort, List<String> allow, BreakerConfig breaker) {
        this.rig = Rig.start(self, redisPort);
        this.store = new CallbackStore(rig.redis, () -> 10);
        this.paces = new Paces(() -> PACE, rig.channels.loop(), Clock.system(), rig.metrics);
        this.callbacks = new Callbacks(store, Live.fixed(new CallbackConfig(10, 8, 100, Duration.ofMillis(10),
                Duration.ofMillis(100), Duration.ofSeconds(5), breaker, allow)), rig.channels,
                new Events(IDS, TOKENS)::of, (app, reply) -> replies.add(reply), paces, rig.metrics);
    }

    /** Its time-out is longer than a busy machine stalls: what is short of it is a second delivery. */
    static Callback.Builder to(int app, String url) {
        return Callback.newBuilder().setAppId(app).setType("order").setUrl(url).addSecrets(SECRET)
                .setTimeoutMs(30_000);
    }

    void put(Callback.Builder callback) throws Exception {
        rig.channels.make(CallbackStore.name(callback.getAppId(), callback.getType())).get(10, TimeUnit.SECONDS);
        store.put(CallbackRules.checked(callback.build())).get(10, TimeUnit.SECONDS);
    }

    void remove(int app) throws Exception {
        store.remove(app, "order").get(10, TimeUnit.SECONDS);
    }

    /** Events of one endpoint, another one for each app in the same partition, all at once: "FROM" to "TO". */
    void send(int app, long endpoint, int from, int to) throws Exception {
        send(app, "order", endpoint, from, to);
    }

    void send(int app, String type, long endpoint, int from, int to) throws Exception {
        var batch = UplinkBatch.newBuilder();
        for (int seq = from; seq <= to; seq++) {
            batch.addItems(Rig.item(endpoint + ((long) app << 20), seq, String.valueOf(seq)).toBuilder().setAppId(app)
                    .setType(type));
        }
        rig.uplinks.keep(batch.build()).get(10, TimeUnit.SECONDS);
    }

    ChannelInfo info(int app) throws Exception {
        return new ChannelBooks(rig.store).channels(app, "order").get(10, TimeUnit.SECONDS).stream()
                .filter(info -> info.getChannel().equals(ChannelName.CALLBACK)).findFirst().orElseThrow();
    }

    /** Requests that ended so. */
    long requests(String outcome) {
        return rig.metrics.counter(CoordinatorMetric.CALLBACK_REQUESTS, "outcome", outcome).count();
    }

    static ChannelName name(int app) {
        return CallbackStore.name(app, "order");
    }

    /** The process is gone. */
    void crash() {
        paces.close();
        rig.crash();
        callbacks.close();
    }

    @Override
    public void close() {
        callbacks.close();
        paces.close();
        rig.close();
    }
}
