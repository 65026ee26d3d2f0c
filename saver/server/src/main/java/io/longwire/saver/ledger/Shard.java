package io.longwire.saver.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ledger database: two pools for the hot path with short time-outs, of which one inserts, a small one for long jobs
 * (DDL, compaction, repair scans), and whether it can be reached. Their connections have {@code wait_timeout} = 600 s,
 * so that the connection of a saver that was frozen is dead before the partition it would write to is compacted.
 * Thread-safe.
 */
public final class Shard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final Duration SHED = Duration.ofMillis(100);
    private static final int JOB_CONNECTIONS = 8;
    private static final int MIGRATION_CONNECTIONS = 4;
    private static final int PREPARED = 128; // statements a connection of the inserting pool keeps
    private static final int COLD_TRIES = 4; // of 250 ms each; the hot path itself tries until its rows' deadline

    private final int number;
    private final ShardConfig config;
    private final Clock clock;
    private final Metrics metrics;
    private final HikariDataSource pool;
    private final HikariDataSource inserting;
    private final HikariDataSource jobs;
    private volatile boolean ready;
    private volatile boolean down;
    private volatile long downUntilNanos;
    private volatile String trouble = "not reached yet";

    /** Opens the pools; connections are made when needed. */
    public Shard(int number, ShardConfig config, Clock clock, Metrics metrics) {
        this.number = number;
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
        this.pool = new HikariDataSource(pool("hot", config.connections() - config.inserting(),
                Duration.ofMillis(250), Duration.ofSeconds(3)));
        this.inserting = new HikariDataSource(
                prepared(pool("inserting", config.inserting(), Duration.ofMillis(250), Duration.ofSeconds(3))));
        this.jobs = new HikariDataSource(
                pool("jobs", JOB_CONNECTIONS, Duration.ofSeconds(1), Duration.ofSeconds(60)));
    }

    // The server parses a statement once and takes values as they are: a third less of its processor time for a
    // message of 600 bytes in batches of 128, half of the driver's. A prepared row of an insert costs the server about
    // 5 kB a connection, so the inserts have few sizes (see Tuples.roomFor).
    private static HikariConfig prepared(HikariConfig hikari) {
        hikari.addDataSourceProperty("useServerPrepStmts", "true");
        hikari.addDataSourceProperty("prepStmtCacheSize", String.valueOf(PREPARED));
        return hikari;
    }

    private HikariConfig pool(String name, int size, Duration connectionTimeout, Duration socketTimeout) {
        var hikari = new HikariConfig();
        hikari.setPoolName("ledger-" + number + "-" + name);
        hikari.setJdbcUrl(config.url());
        hikari.setUsername(config.user());
        hikari.setPassword(config.password());
        hikari.setMaximumPoolSize(size);
        hikari.setMinimumIdle(0);
        hikari.setIdleTimeout(Duration.ofMinutes(2).toMillis());
        hikari.setConnectionTimeout(connectionTimeout.toMillis());
        hikari.setValidationTimeout(250);
        hikari.setInitializationFailTimeout(-1);
        hikari.setAutoCommit(true);
        hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        Duration idle = socketTimeout.isZero() ? Duration.ofDays(7) : Duration.ofMinutes(10);
        hikari.setConnectionInitSql("SET SESSION wait_timeout = " + idle.toSeconds());
        hikari.addDataSourceProperty("useAffectedRows", "true");
        hikari.addDataSourceProperty("cachePrepStmts", "true");
        hikari.addDataSourceProperty("prepStmtCacheSize", "512");
        hikari.addDataSourceProperty("prepStmtCacheSqlLimit", "65536");
        hikari.addDataSourceProperty("useLocalSessionState", "true");
        hikari.addDataSourceProperty("cacheServerConfiguration", "true");
        hikari.addDataSourceProperty("connectTimeout", "1000");
        hikari.addDataSourceProperty("socketTimeout", String.valueOf(socketTimeout.toMillis()));
        hikari.addDataSourceProperty("tcpKeepAlive", "true");
        return hikari;
    }

    public int number() {
        return number;
    }

    /** A queue of its own on the hot pool; the caller closes it. */
    public <T, R> BatchQueue<T, R> queue(String name, SqlBatch<T, R> work, BatchQueue.Limits limits) {
        return new BatchQueue<>(name, this, pool, work, limits, clock, metrics);
    }

    /** A queue of its own for what inserts batches of many rows; the caller closes it. */
    public <T, R> BatchQueue<T, R> inserts(String name, SqlBatch<T, R> work, BatchQueue.Limits limits) {
        return new BatchQueue<>(name, this, inserting, work, limits, clock, metrics);
    }

    /** A connection for a short statement of a cold path, within about 1 s; socket time-out 3 s. Close it. */
    public Connection connect() throws SQLException {
        for (int tried = 1;; tried++) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException none) {
                if (tried == COLD_TRIES) {
                    throw none;
                }
            }
        }
    }

    /** A connection for a job; socket time-out 60 s. Close it. */
    public Connection connectForJob() throws SQLException {
        return jobs.getConnection();
    }

    /**
     * For the migration, which may change a table for hours: no socket time-out cuts it, and its idle connections,
     * which hold the lock of all savers, stay as long. The caller closes it.
     */
    HikariDataSource migration() {
        return new HikariDataSource(
                pool("migration", MIGRATION_CONNECTIONS, Duration.ofSeconds(1), Duration.ZERO));
    }

    /** False while the schema is not there, or for a moment after a lost connection: then rows are refused at once. */
    public boolean reachable() {
        return ready && (!down || clock.nanos() - downUntilNanos > 0);
    }

    /** Schema and partitions are there. */
    public void ready() {
        ready = true;
        trouble = "";
    }

    /** A failure of the server rather than of a row. */
    public void failed(SQLException failure) {
        if (SqlError.unreachable(failure)) {
            String reason = SqlError.reason(failure);
            if (!down) {
                LOG.warn("ledger {}: cannot be reached: {}", number, reason);
            }
            trouble = reason;
            downUntilNanos = clock.nanos() + SHED.toNanos();
            down = true;
        }
    }

    void worked() {
        if (down) {
            down = false;
            trouble = "";
            LOG.info("ledger {}: reached again", number);
        }
    }

    StoreFailure unreachable() {
        String why = trouble.isEmpty() ? "no commit in time" : trouble;
        return new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "ledger " + number + ": " + why);
    }

    /** Empty, or what is wrong, for health. */
    public Optional<String> trouble() {
        return ready && !down
                ? Optional.empty()
                : Optional.of("ledger " + number + " (" + config.url() + "): " + trouble);
    }

    @Override
    public void close() {
        pool.close();
        inserting.close();
        jobs.close();
    }
}
