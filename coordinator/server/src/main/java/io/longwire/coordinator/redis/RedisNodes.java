package io.longwire.coordinator.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The Redis nodes and which one has a partition. Two sessions to each: one for keeping uplinks, which may wait for a
 * replica, one for everything else, and one more connection that listens. Thread-safe.
 */
public final class RedisNodes implements AutoCloseable {
    /** Without a quiet time the loops end with what they register last: nobody closes that connection any more. */
    private static final long QUIET_MILLIS = 20;

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisConfig config;
    private final Clock clock;
    private final List<RedisLink> keeps = new ArrayList<>();
    private final List<RedisLink> links = new ArrayList<>();
    private final List<WakeLink> wakes = new CopyOnWriteArrayList<>();

    /** Starts connecting in the background. */
    public RedisNodes(RedisConfig config, Clock clock, Metrics metrics) {
        this.config = config;
        this.clock = clock;
        this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
        Executor flusher = resources.eventExecutorGroup().next();
        this.client = RedisClient.create(resources);
        Duration slowest = config.timeout().plus(config.replicas() > 0 ? config.replicaWait() : Duration.ZERO);
        client.setOptions(ClientOptions.builder().autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(config.queue()).protocolVersion(ProtocolVersion.RESP2)
                .socketOptions(SocketOptions.builder().connectTimeout(Duration.ofSeconds(1)).tcpNoDelay(true).build())
                .timeoutOptions(TimeoutOptions.builder().fixedTimeout(slowest).build()).build());
        for (String node : config.nodes()) {
            keeps.add(new RedisLink(client, uri(node), slowest, flusher, metrics));
            links.add(new RedisLink(client, uri(node), slowest, flusher, metrics));
        }
        keeps.forEach(RedisLink::start);
        links.forEach(RedisLink::start);
    }

    /** The session that keeps uplinks of a partition; null while there is none. */
    public @Nullable RedisSession keeping(int partition) {
        return keeps.get(partition % keeps.size()).session();
    }

    /** Calls a script of a partition. Fails with StoreFailure; it may have run. */
    public <T> CompletableFuture<T> run(int partition, Script script, byte[][] keys, byte[]... arguments) {
        RedisSession session = session(partition);
        return session == null ? away(partition) : session.run(script, keys, arguments);
    }

    /** The session for everything but keeping; null while there is none. */
    public @Nullable RedisSession session(int partition) {
        return links.get(partition % links.size()).session();
    }

    /** The failure of a call while there is no session. */
    public <T> CompletableFuture<T> away(int partition) {
        return CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                links.get(partition % links.size()).trouble().orElse("redis: no session")));
    }

    /** Hears what the scripts publish, with the partition's name first; on Lettuce's threads. */
    public void listen(BiConsumer<String, String> heard) {
        for (String node : config.nodes()) {
            wakes.add(new WakeLink(client, uri(node), clock, heard));
        }
    }

    public RedisConfig config() {
        return config;
    }

    /** Empty, or what is wrong, for health. */
    public Optional<String> trouble() {
        return links.stream().map(RedisLink::trouble).flatMap(Optional::stream).findFirst()
                .or(() -> keeps.stream().map(RedisLink::trouble).flatMap(Optional::stream).findFirst());
    }

    private RedisURI uri(String address) {
        int colon = address.lastIndexOf(':');
        var uri = RedisURI.create(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        uri.setTimeout(config.timeout());
        if (!config.password().isEmpty()) {
            uri.setCredentialsProvider(new StaticCredentialsProvider(RedisCredentials.just(
                    config.user().isEmpty() ? null : config.user(), config.password())));
        }
        return uri;
    }

    @Override
    public void close() {
        wakes.forEach(WakeLink::close);
        keeps.forEach(RedisLink::close);
        links.forEach(RedisLink::close);
        client.shutdownAsync(QUIET_MILLIS, 1_000, TimeUnit.MILLISECONDS).orTimeout(2, TimeUnit.SECONDS)
                .exceptionally(late -> null).join();
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
