package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.saver.client.AudienceListClient;
import io.longwire.saver.client.BroadcastClient;
import io.longwire.saver.client.SaverClient;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/** A saver on real Redis, MariaDB and ZooKeeper, a client that speaks to it, and the test's own register. */
public final class RunningSaver implements AutoCloseable {
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration HOUR = Duration.ofHours(1);

    public final FakeReach reach = new FakeReach();
    public final RedisServer redis;
    public final Stores.Database database;
    private final Stores.Namespace namespace;
    private final Path directory;
    private final Service probe;
    private final AtomicInteger counter = new AtomicInteger(ThreadLocalRandom.current().nextInt(1000));
    private @Nullable Service saver;
    public final SaverClient client;
    public final BroadcastClient broadcasts;
    public final AudienceListClient lists;
    public final int app;

    private RunningSaver(Path directory) throws Exception {
        this.directory = directory;
        this.redis = Stores.shared().freshRedis();
        this.database = Stores.shared().freshDatabase("saver");
        this.namespace = Stores.shared().freshNamespace("saver");
        startSaver();
        this.probe = Service.start("probe", ConfigNode.of(Map.of("service", service("probe"))), node -> "",
                (service, config) -> {
                }, HaltPoints.none());
        this.client = probe.own(new SaverClient(probe.rpc(), probe.cluster()));
        this.broadcasts = new BroadcastClient(probe.rpc());
        this.lists = new AudienceListClient(probe.rpc());
        await().until(() -> !probe.cluster().members("saver").isEmpty());
        this.app = again(() -> client.createApp(
                CreateAppRequest.newBuilder().setName("test").setIdempotencyKey("test").build()))
                .getAppId();
    }

    /** Starts one with empty stores; its slots may still be COLD. */
    public static RunningSaver start(Path directory) throws Exception {
        return new RunningSaver(directory);
    }

    public void startSaver() {
        saver = Service.start("saver", ConfigNode.of(Map.of("service", service("saver"), "shards", List.of(Map.of("url",
                database.jdbcUrl(), "user", database.user(), "password", database.password())), "redis",
                Map.of("nodes", List.of("127.0.0.1:" + redis.port())))), SaverConfig::read,
                (service, config) -> SaverMain.wire(service, config, reach), HaltPoints.none());
    }

    public void stopSaver() {
        Service running = saver;
        if (running != null) {
            running.close();
        }
        saver = null;
    }

    private Map<String, Object> service(String name) {
        return Map.of("zookeeper", namespace.connectString(), "namespace", namespace.name(), "dataDir",
                directory.resolve(name).toString(), "secrets", directory.resolve("secrets.yaml").toString());
    }

    /** Waits until every slot is answered by its inbox alone. */
    public RunningSaver warm() {
        await().until(
                () -> count("SELECT COUNT(*) FROM slot_state WHERE cold_gen > clean_gen OR redis_replid = ''") == 0);
        // the copy of the COLD set is read every second
        await().until(
                () -> !again(() -> client.inbox(InboxRequest.newBuilder().setEndpointId(1).build())).getCold());
        return this;
    }

    public long newEndpoint() throws Exception {
        var install = new byte[16];
        ThreadLocalRandom.current().nextBytes(install);
        var request = RegisterEndpointRequest.newBuilder().setAppId(app).setInstallId(ByteString.copyFrom(install))
                .setProposedEndpointId(ThreadLocalRandom.current().nextLong()).build();
        return again(() -> client.registerEndpoint(request)).getEndpointId();
    }

    /** As every caller does: a call that was not answered in time is made again; all of them may be. */
    public static <T> T again(Supplier<CompletableFuture<T>> call) throws Exception {
        for (int tried = 1;; tried++) {
            try {
                return get(call.get());
            } catch (ExecutionException late) {
                if (tried == TRIES || !(late.getCause() instanceof RpcFailure failure)
                        || failure.kind() == RpcFailure.Kind.REFUSED) {
                    throw late;
                }
            }
        }
    }

    public long newId() {
        return MessageId.of(Clock.system().wallMillis(), 1, counter.incrementAndGet() & 4095);
    }

    public AppendItem.Builder item(long endpoint, long message, String text) {
        return AppendItem.newBuilder().setEndpointId(endpoint).setMessageId(message).setAppId(app)
                .setExpireAtMs(MessageId.timeMs(message) + HOUR.toMillis()).setEnvelope(ByteString.copyFromUtf8(text));
    }

    public static Idempotency key(String key, String body) {
        return Idempotency.newBuilder().setKeyHash(hash(key)).setBodyHash(hash(body)).build();
    }

    private static ByteString hash(String text) {
        try {
            return ByteString.copyFrom(java.security.MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What could not be done just now is asked for again, as every caller does; the last answer counts. */
    private static <T> T settled(Supplier<CompletableFuture<T>> call, Predicate<T> done) throws Exception {
        T answer = again(call);
        for (int tried = 1; tried < TRIES && !done.test(answer); tried++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            answer = again(call);
        }
        return answer;
    }

    public AppendResult append(AppendItem.Builder item) throws Exception {
        return settled(() -> client.append(item.build()),
                result -> result.getCode() != AppendResult.Code.UNAVAILABLE
                        && result.getCode() != AppendResult.Code.BUSY);
    }

    /** Accepts one message of this text. */
    public long accept(long endpoint, String text) throws Exception {
        AppendResult result = append(item(endpoint, newId(), text));
        if (result.getCode() != AppendResult.Code.ACCEPTED) {
            throw new AssertionError("append: " + result + " (expected: ACCEPTED)");
        }
        return result.getMessageId();
    }

    public FetchResult fetch(long endpoint, Long... skip) throws Exception {
        return settled(() -> client.fetch(FetchItem.newBuilder().setEndpointId(endpoint).addAllSkipIds(List.of(skip))
                .setMaxMessages(8).setMaxBytes(64 << 10).build()), result -> result.getCode() == FetchResult.Code.OK);
    }

    public List<Long> waiting(long endpoint) throws Exception {
        return fetch(endpoint).getMessagesList().stream().map(StoredMessage::getMessageId).toList();
    }

    public EndResult.Code ack(long endpoint, long message) throws Exception {
        var end = EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message).setAppId(app)
                .setHow(How.ACKED).setAtMs(MessageId.timeMs(message) + 5).setRoutedMs(MessageId.timeMs(message) + 1)
                .setWrittenMs(MessageId.timeMs(message) + 2).setRoomIncarnation(7).build();
        EndResult.Code first = again(() -> client.end(end)).getCode();
        if (first != EndResult.Code.UNAVAILABLE) {
            return first;
        }
        EndResult.Code next = settled(() -> client.end(end),
                result -> result.getCode() != EndResult.Code.UNAVAILABLE).getCode();
        return next == EndResult.Code.ALREADY_ENDED ? EndResult.Code.ENDED_NOW : next; // the first may have done it
    }

    public Conservation conservation() throws Exception {
        long now = Clock.system().wallMillis();
        return again(() -> client.conservation(ConservationRequest.newBuilder().setFromMs(now - HOUR.toMillis())
                .setToMs(now + HOUR.toMillis()).build()));
    }

    public Connection sql() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    public long count(String sql) throws SQLException {
        try (Connection connection = sql();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The texts of messages, by id. */
    public static List<String> texts(FetchResult result) {
        var texts = new ArrayList<String>();
        result.getMessagesList().forEach(message -> texts.add(message.getEnvelope().toStringUtf8()));
        return texts;
    }

    public static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        probe.close();
        stopSaver();
        redis.revive();
        database.server().revive();
    }
}
