package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.saver.account.Apps;
import io.longwire.saver.account.Endpoints;
import io.longwire.saver.account.Registration;
import io.longwire.saver.append.Appends;
import io.longwire.saver.ask.ConservationScan;
import io.longwire.saver.ask.ManyEndpoints;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.cold.Parking;
import io.longwire.saver.cold.Repair;
import io.longwire.saver.cold.SlotStates;
import io.longwire.saver.due.DueConfig;
import io.longwire.saver.due.DueWorker;
import io.longwire.saver.due.FastSweep;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.end.Attempts;
import io.longwire.saver.end.DeadLetters;
import io.longwire.saver.end.EndEffects;
import io.longwire.saver.end.EndItems;
import io.longwire.saver.end.Endings;
import io.longwire.saver.fetch.Fetches;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisConfig;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Committed;
import io.longwire.saver.ledger.Schema;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.ShardConfig;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.partition.PartitionKeeper;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import io.longwire.testkit.time.VirtualClock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import static org.awaitility.Awaitility.await;

/** The parts of a saver on real stores, under a clock that only the test moves; rounds run when the test says. */
public final class Bench implements AutoCloseable {
    private static final DueConfig DUE = new DueConfig(200, 2_000);

    public final VirtualClock clock = new VirtualClock();
    public final PrometheusMetrics metrics = new PrometheusMetrics();
    public final FakeCluster cluster = FakeCluster.of("saver");
    public final FakeReach reach = new FakeReach();
    public final RedisServer server = Stores.shared().freshRedis();
    public final Stores.Database database = Stores.shared().freshDatabase("bench");
    /** The first one. */
    public final Shard shard;
    public final Shards shards;
    public final RedisNodes redis;
    public final FakeReceipts receipts = new FakeReceipts();
    public final FakeStock stock = new FakeStock();
    public final FakeHeads heads = new FakeHeads();
    public final ColdCalls calls;
    public final Endings endings;
    private final Attempts attempts;
    public final EndItems ends;
    public final DeadLetters letters;
    public final ColdSlots cold;
    public final Repair repair;
    public final Parking parking;
    public final Appends appends;
    public final Fetches fetches;
    public final FastSweep fast;
    public final DueWorker due;
    public final PartitionKeeper partitions;
    public final ConservationScan conservation;
    public final ManyEndpoints many;
    public final int app;
    public final Apps apps;
    private final Endpoints endpoints;
    private final Registration registration;
    private final AtomicInteger counter = new AtomicInteger();

    public Bench() throws Exception {
        this(1);
    }

    /** With so many shards, which hold the slots in turn. */
    public Bench(int shardCount) throws Exception {
        clock.setWall(Instant.ofEpochMilli(Clock.system().wallMillis())); // key expiry is by Redis's own clock
        var halts = HaltPoints.none();
        var list = new ArrayList<Shard>();
        for (int i = 0; i < shardCount; i++) {
            var in = i == 0 ? database : Stores.shared().freshDatabase("bench");
            list.add(new Shard(i, new ShardConfig(in.jdbcUrl(), in.user(), in.password(), 40, 2), clock, metrics));
        }
        shard = list.getFirst();
        shards = new Shards(list, slot -> slot % shardCount);
        redis = new RedisNodes(new RedisConfig(List.of("127.0.0.1:" + server.port()), false, "", "",
                Duration.ofSeconds(5), 20_000), Live.fixed(Duration.ofSeconds(5)), clock, metrics);
        var effects = new EndEffects(receipts, stock);
        partitions = new PartitionKeeper(shards, effects, clock, halts, metrics);
        for (Shard each : list) {
            Schema.migrate(each);
            SlotStates.ensureRows(each);
            partitions.ensure(each);
            each.ready();
        }
        var committed = new Committed(clock);
        calls = new ColdCalls(2);
        endings = new Endings(shards, new Endings.Parts(redis, new Inbox(clock), committed, effects, clock, halts),
                receipts, metrics);
        letters = new DeadLetters(shards);
        attempts = new Attempts(shards, redis, endings, new Attempts.Dead(letters, calls, heads), clock, metrics);
        ends = new EndItems(endings, attempts);
        cold = new ColdSlots(shards, redis, clock, metrics);
        apps = new Apps(shard, clock);
        endpoints = new Endpoints(shards, clock, metrics);
        registration = new Registration(shards, apps, endpoints, clock);
        appends = new Appends(shards, 2,
                new Appends.Parts(endpoints, apps, redis, cold, endings, committed, stock, clock, halts), metrics);
        fetches = new Fetches(shards, redis, cold, endings, heads, clock, metrics);
        var worked = new WorkedSlots(cluster);
        fast = new FastSweep(worked, redis, clock, endings.adoption());
        due = new DueWorker(worked, redis, clock, endings, reach, () -> DUE, metrics);
        var stores = new Repair.Stores(shards, redis, clock);
        repair = new Repair(cold, worked, stores, apps, endings, reach, metrics);
        parking = new Parking(worked, stores, metrics);
        conservation = new ConservationScan(shards, redis, cold, clock);
        many = new ManyEndpoints(new ManyEndpoints.Parts(shards, calls, registration, redis, cold, clock));
        app = apps.create(CreateAppRequest.newBuilder().setName("bench").build()).getAppId();
        await().until(() -> redis.session(0) != null);
    }

    /** Announces the data set, lets the savers know it, refills all slots. */
    public Bench warm() throws SQLException {
        cold.refresh();
        repair.round();
        pass(Duration.ofSeconds(4));
        repair.round();
        return this;
    }

    /** Time goes by; the copy of the COLD set is young again. */
    public void pass(Duration time) throws SQLException {
        clock.advance(time);
        cold.refresh();
    }

    public long newEndpoint() throws SQLException {
        return newEndpoint(ThreadLocalRandom.current().nextLong());
    }

    /** @param proposed the id it gets, if nobody has it; its lower 12 bits are its slot */
    public long newEndpoint(long proposed) throws SQLException {
        var install = new byte[16];
        ThreadLocalRandom.current().nextBytes(install);
        return registration.register(RegisterEndpointRequest.newBuilder().setAppId(app)
                .setInstallId(ByteString.copyFrom(install))
                .setProposedEndpointId(proposed).build()).getEndpointId();
    }

    public long newId() {
        return MessageId.of(clock.wallMillis(), 1, counter.incrementAndGet() & 4095);
    }

    public AppendItem.Builder item(long endpoint, String text, Duration ttl) {
        return AppendItem.newBuilder().setEndpointId(endpoint).setMessageId(newId()).setAppId(app)
                .setExpireAtMs(clock.wallMillis() + ttl.toMillis()).setEnvelope(ByteString.copyFromUtf8(text));
    }

    public AppendResult append(AppendItem.Builder item) throws Exception {
        return get(appends.append(item.build()));
    }

    public long accept(long endpoint, String text, Duration ttl) throws Exception {
        AppendResult result = append(item(endpoint, text, ttl));
        if (result.getCode() != AppendResult.Code.ACCEPTED) {
            throw new AssertionError("append: " + result + " (expected: ACCEPTED)");
        }
        return result.getMessageId();
    }

    /** What a fetch answers; asked again a few times if it is not all, as its time is that of the machine. */
    public FetchResult fetch(long endpoint) throws Exception {
        var item = FetchItem.newBuilder().setEndpointId(endpoint).build();
        FetchResult result = get(fetches.fetch(item));
        for (int tried = 1; tried < 5 && result.getCode() != FetchResult.Code.OK; tried++) {
            LockSupport.parkNanos(200_000_000);
            result = get(fetches.fetch(item));
        }
        return result;
    }

    public EndResult.Code ack(long endpoint, long message) throws Exception {
        return get(ends.handle(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message).setAppId(app)
                .setHow(How.ACKED).setAtMs(clock.wallMillis()).build())).getCode();
    }

    /** A delivery that the endpoint did not ack, later than the one before; told until it is confirmed, as rooms do. */
    public void unacked(long endpoint, long message) throws Exception {
        pass(Duration.ofMillis(1));
        await().until(() -> unackedAt(endpoint, message, clock.wallMillis()) != EndResult.Code.UNAVAILABLE);
    }

    public EndResult.Code unackedAt(long endpoint, long message, long at) throws Exception {
        return get(ends.handle(EndItem.newBuilder().setKind(EndItem.Kind.UNACKED).setEndpointId(endpoint)
                .setMessageId(message).setAppId(app).setAtMs(at).build())).getCode();
    }

    public List<Long> waiting(long endpoint) throws Exception {
        return fetch(endpoint).getMessagesList().stream().map(StoredMessage::getMessageId).toList();
    }

    public long count(String sql) throws SQLException {
        try (Connection connection = shard.connectForJob();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = shard.connectForJob(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        fetches.close();
        appends.close();
        endpoints.close();
        due.close();
        cold.close();
        attempts.close();
        calls.close();
        endings.close();
        redis.close();
        shards.close();
        metrics.close();
        server.revive();
        database.server().revive();
    }
}
