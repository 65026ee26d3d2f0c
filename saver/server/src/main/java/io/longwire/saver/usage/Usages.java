package io.longwire.saver.usage;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.saver.account.Apps;
import io.longwire.saver.end.Stock;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Messages and bytes that wait, per app, in all savers together. Every saver adds what it saw to one row each
 * second and reads back the sums of apps with a quota: so they are at most about a second late, and an app may pass
 * its quota by what arrives in that second. Deltas of a saver that dies, or of a commit that is not known, are put
 * right by the next recount.
 */
public final class Usages implements Stock {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** What was seen here and is in no row yet. */
    private static final class Delta {
        final LongAdder messages = new LongAdder();
        final LongAdder bytes = new LongAdder();
    }

    private final Apps apps;
    private final UsageTable table;
    private final Clock clock;
    private final Metrics.Counter failures;
    private final Map<Integer, Delta> deltas = new ConcurrentHashMap<>();
    private volatile Map<Integer, Sum> sums = Map.of();

    public Usages(Apps apps, UsageTable table, Clock clock, Metrics metrics) {
        this.apps = apps;
        this.table = table;
        this.clock = clock;
        this.failures = metrics.counter(SaverMetric.USAGE_FAILURES);
    }

    /** Rounds once a second. The caller closes it. */
    public Rounds start() {
        return new Rounds("usage", clock, PERIOD, this::round, failures::increment);
    }

    /** False while the app has as much waiting as its quota allows. Never blocks. */
    @Override
    public boolean admits(int app) {
        AppRecord record = apps.known(app);
        if (record.getStoredMessages() == 0 && record.getStoredBytes() == 0) {
            return true;
        }
        Sum sum = sums.getOrDefault(app, Sum.NONE);
        @Nullable
        Delta delta = deltas.get(app);
        long messages = sum.messages() + (delta == null ? 0 : delta.messages.sum());
        long bytes = sum.bytes() + (delta == null ? 0 : delta.bytes.sum());
        return (record.getStoredMessages() == 0 || messages < record.getStoredMessages())
                && (record.getStoredBytes() == 0 || bytes < record.getStoredBytes());
    }

    /** A message of so many bytes waits from now on. */
    @Override
    public void stored(int app, int bytes) {
        add(app, 1, bytes);
    }

    /** A message of so many bytes waits no more. */
    @Override
    public void ended(int app, int bytes) {
        add(app, -1, -bytes);
    }

    private void add(int app, long messages, long bytes) {
        Delta delta = deltas.computeIfAbsent(app, any -> new Delta()); // as many as apps
        delta.messages.add(messages);
        delta.bytes.add(bytes);
    }

    /** Adds the deltas to the rows, reads the sums. Blocks; rounds never overlap. */
    void round() throws SQLException {
        var seen = new HashMap<Integer, Sum>();
        deltas.forEach((app, delta) -> {
            var sum = new Sum(delta.messages.sum(), delta.bytes.sum(), 0);
            if (sum.messages() != 0 || sum.bytes() != 0) {
                seen.put(app, sum);
            }
        });
        if (!seen.isEmpty()) {
            table.add(seen);
            seen.forEach((app, sum) -> add(app, -sum.messages(), -sum.bytes()));
        }
        sums = apps.limited() ? table.limited() : Map.of();
    }
}
