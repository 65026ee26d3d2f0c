package io.longwire.saver.inbox;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The Redis nodes and which one has a slot: always the same one, or by the topology of a Redis Cluster. Each node has
 * a {@link RedisLink} of its own, so that every answer belongs to a known node and connection. Thread-safe.
 */
public final class RedisNodes implements AutoCloseable {
    /** Without a quiet time the loops end with what they register last: nobody closes that connection any more. */
    static final long QUIET_MILLIS = 20;

    private final ClientResources resources;
    private final RedisClient client;
    private final Executor flusher;
    private final RedisConfig config;
    private final Live<Duration> timeout;
    private final Metrics metrics;
    private final ConcurrentHashMap<String, RedisLink> links = new ConcurrentHashMap<>();
    private final @Nullable RedisLink only;
    private final @Nullable RedisTopology topology;

    /**
     * Starts connecting in the background.
     *
     * @param timeout of a command, asked for each; what {@code config} says of it is not looked at
     */
    public RedisNodes(RedisConfig config, Live<Duration> timeout, Clock clock, Metrics metrics) {
        this.config = config;
        this.timeout = timeout;
        this.metrics = metrics;
        this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
        this.flusher = resources.eventExecutorGroup().next();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder().autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(config.queue()).protocolVersion(ProtocolVersion.RESP2)
                .socketOptions(SocketOptions.builder().connectTimeout(Duration.ofSeconds(1)).tcpNoDelay(true).build())
                .timeoutOptions(TimeoutOptions.builder().timeoutSource(new Now(timeout)).build()).build());
        if (config.cluster()) {
            this.only = null;
            this.topology = new RedisTopology(resources, config.nodes().stream().map(this::uri).toList(), clock);
        } else {
            this.only = link(config.nodes().getFirst());
            this.topology = null;
        }
    }

    /** The time a command has, as it is when it is written. */
    private static final class Now extends TimeoutOptions.TimeoutSource {
        private final Live<Duration> timeout;

        Now(Live<Duration> timeout) {
            this.timeout = timeout;
        }

        @Override
        public long getTimeout(@Nullable RedisCommand<?, ?, ?> command) {
            return timeout.get().toMillis();
        }
    }

    /** The session to the node of a slot; null while there is none, or the topology is not known. */
    public @Nullable RedisSession session(int slot) {
        if (only != null) {
            return only.session();
        }
        String address = topology == null ? null : topology.nodeOf(slot);
        return address == null ? null : link(address).session();
    }

    /** Empty, or what is wrong, for health. */
    public Optional<String> trouble() {
        if (topology != null && topology.nodeOf(0) == null) {
            return Optional.of("redis cluster " + config.nodes() + ": its topology is not known yet");
        }
        return links.values().stream().map(RedisLink::trouble).flatMap(Optional::stream).findFirst();
    }

    /** A node answers and must not be used as it is set up (its eviction policy). */
    public boolean misconfigured() {
        return links.values().stream().anyMatch(RedisLink::misconfigured);
    }

    private RedisLink link(String address) {
        RedisLink there = links.get(address);
        return there != null ? there : links.computeIfAbsent(address, unknown -> {
            var link = new RedisLink(client, uri(unknown), timeout, flusher, metrics);
            link.start();
            return link;
        });
    }

    private RedisURI uri(String address) {
        int colon = address.lastIndexOf(':');
        var uri = RedisURI.create(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        uri.setTimeout(timeout.get());
        if (!config.password().isEmpty()) {
            uri.setCredentialsProvider(new StaticCredentialsProvider(RedisCredentials.just(
                    config.user().isEmpty() ? null : config.user(), config.password())));
        }
        return uri;
    }

    /** The addresses of the nodes in use; for tests and the console. */
    public List<String> addresses() {
        return List.copyOf(links.keySet());
    }

    @Override
    public void close() {
        if (topology != null) {
            topology.close();
        }
        links.values().forEach(RedisLink::close);
        client.shutdownAsync(QUIET_MILLIS, 1_000, TimeUnit.MILLISECONDS).orTimeout(2, TimeUnit.SECONDS)
                .exceptionally(late -> null).join();
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
