package io.longwire.saver.inbox;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a checked session to one Redis node: connects, reads who the node is, loads the scripts, publishes the
 * session; asks the node again every second and gives the session up when it does not answer or has become another.
 * One virtual thread does all that; {@link #session} is a volatile read.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final long RETRY_MILLIS = 200;
    private static final long CHECK_MILLIS = 1_000;
    private static final long END_MILLIS = 1_000;

    private final RedisClient client;
    private final RedisURI address;
    private final Live<Duration> timeout;
    private final Executor flusher;
    private final Metrics metrics;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread keeper;
    private volatile @Nullable RedisSession session;
    private volatile String trouble = "not reached yet";
    private volatile boolean misconfigured;

    RedisLink(RedisClient client, RedisURI address, Live<Duration> timeout, Executor flusher, Metrics metrics) {
        this.client = client;
        this.address = address;
        this.timeout = timeout;
        this.flusher = flusher;
        this.metrics = metrics;
        this.keeper = Thread.ofVirtual().name("redis-" + address.getHost() + ":" + address.getPort())
                .unstarted(this::keep);
    }

    void start() {
        keeper.start();
    }

    /** The session in force; null while there is none. */
    @Nullable
    RedisSession session() {
        RedisSession now = session;
        return now != null && now.open() ? now : null;
    }

    /** Empty, or what is wrong. */
    Optional<String> trouble() {
        return session() != null
                ? Optional.empty()
                : Optional.of("redis " + address.getHost() + ":" + address.getPort() + ": " + trouble);
    }

    /** It answers, and must not be used as it is set up. */
    boolean misconfigured() {
        return misconfigured;
    }

    private void keep() {
        try {
            while (closing.getCount() > 0) {
                RedisSession made = connect();
                if (made == null) {
                    closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                    continue;
                }
                session = made;
                metrics.counter(SaverMetric.REDIS_CONNECTS).increment();
                LOG.info("redis {}:{}: connected, replication id {}", address.getHost(), address.getPort(),
                        made.replicationId());
                watch(made);
                session = null;
                made.close();
                metrics.counter(SaverMetric.REDIS_BREAKS).increment();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(RedisSession made) throws InterruptedException {
        while (closing.getCount() > 0) {
            try {
                say(made.broken().get(CHECK_MILLIS, TimeUnit.MILLISECONDS));
                return;
            } catch (TimeoutException stillThere) {
                check(made);
            } catch (ExecutionException neverThrown) {
                throw new IllegalStateException(neverThrown);
            }
        }
    }

    private void check(RedisSession made) throws InterruptedException {
        long wait = timeout.get().toMillis();
        try {
            RedisNode node = RedisNode.parse(made.<String>command(redis -> redis.info()).get(wait * 2,
                    TimeUnit.MILLISECONDS));
            if (!node.replicationId().equals(made.replicationId())) {
                made.giveUp("its replication id changed");
            } else if (!node.objection().isEmpty()) {
                made.giveUp(node.objection());
            } else {
                made.replicas(node.replicas());
            }
        } catch (TimeoutException | ExecutionException silent) {
            made.giveUp("no answer within " + wait + " ms");
        }
    }

    private @Nullable RedisSession connect() {
        var connecting = client.connectAsync(ByteArrayCodec.INSTANCE, address);
        try {
            StatefulRedisConnection<byte[], byte[]> connection = connecting.get(2, TimeUnit.SECONDS);
            RedisCommands<byte[], byte[]> redis = connection.sync();
            RedisNode node = RedisNode.parse(redis.info());
            if (!node.objection().isEmpty()) {
                misconfigured = node.objection().startsWith("maxmemory-policy");
                throw new RedisException(node.objection());
            }
            misconfigured = false;
            shape(redis);
            var digests = new EnumMap<Script, String>(Script.class);
            for (Script script : Script.values()) {
                digests.put(script, redis.scriptLoad(script.text()));
            }
            var made = new RedisSession(connection, node.replicationId(), digests, flusher, this::another,
                    metrics.counter(SaverMetric.REDIS_FAILED));
            made.replicas(node.replicas());
            return made;
        } catch (RedisException | ExecutionException | TimeoutException failed) {
            say(String.valueOf(failed.getCause() == null ? failed.getMessage() : failed.getCause().getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
        connecting.thenAccept(StatefulRedisConnection::closeAsync); // also one that comes later
        return null;
    }

    // A further connection to the node, if it is still the same one.
    private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> another(String replicationId) {
        return client.connectAsync(ByteArrayCodec.INSTANCE, address).toCompletableFuture().thenCompose(
                connection -> connection.async().info().toCompletableFuture().thenApply(info -> {
                    if (RedisNode.parse(info).replicationId().equals(replicationId)) {
                        return connection;
                    }
                    throw new RedisException("its replication id changed");
                }).whenComplete((same, failure) -> {
                    if (failure != null) {
                        connection.closeAsync();
                    }
                }));
    }

    // Keeps inboxes in their compact form: 404 B for one message of 256 B, against 548 B at Redis's defaults.
    private static void shape(RedisCommands<byte[], byte[]> redis) {
        try {
            redis.configSet("hash-max-ziplist-value", "4608");
            redis.configSet("hash-max-ziplist-entries", "256");
        } catch (RedisException forbidden) {
            LOG.info("redis: CONFIG SET is refused; set hash-max-ziplist-value 4608, hash-max-ziplist-entries 256: {}",
                    forbidden.getMessage());
        }
    }

    private void say(String now) {
        if (!now.equals(trouble) && closing.getCount() > 0) {
            LOG.warn("redis {}:{}: {}", address.getHost(), address.getPort(), now);
        }
        trouble = now;
    }

    /** Ends it and waits, 1 s at most, until it connects no more: a client that has ended would begin anew for it. */
    @Override
    public void close() {
        closing.countDown();
        RedisSession now = session;
        if (now != null) {
            now.close();
        }
        keeper.interrupt();
        try {
            keeper.join(END_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
