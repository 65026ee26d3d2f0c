package io.longwire.coordinator.receipt;

import com.google.protobuf.ByteString;
import io.lettuce.core.SetArgs;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Receipts in Redis, each once (see {@code receipt.lua}), and how far they were read. Futures fail with StoreFailure;
 * every call may be repeated. Thread-safe, never blocks.
 */
public final class ReceiptStore {
    /** Of the events. */
    public static final String TYPE = "$receipt";

    /** Longer than the savers keep receipts: who comes later begins with the oldest, and finds no double. */
    private static final Duration REMEMBERED = Duration.ofDays(8);
    private static final int FIXED = 6;
    private static final int EACH = 3;

    private final RedisNodes redis;
    private final Metrics metrics;
    private final byte[] mostOfType;
    private final byte[] mostOfApp;

    public ReceiptStore(RedisNodes redis, ReceiptConfig config, long bytesPerApp, Metrics metrics) {
        this.redis = redis;
        this.metrics = metrics;
        this.mostOfApp = Keys.number(bytesPerApp / Partitions.COUNT);
        this.mostOfType = Keys.number(bytesPerApp * config.share() / 100 / Partitions.COUNT);
        metrics.bound(Bound.ofEach(bytesPerApp * config.share() / 100, CoordinatorMetric.RECEIPTS, "outcome", "held"));
    }

    /** The partition that has an app's cursor. */
    static int home(int app) {
        return Integer.remainderUnsigned(app, Partitions.COUNT);
    }

    /** The apps that have, or lately had, a channel of receipts. One is made in all partitions, so one tells. */
    CompletableFuture<List<Integer>> apps() {
        RedisSession session = redis.session(0);
        CompletableFuture<java.util.Set<byte[]>> kinds = session == null
                ? redis.away(0)
                : session.command(commands -> commands.smembers(Keys.index(0)));
        return kinds.thenApply(all -> {
            var apps = new ArrayList<Integer>();
            for (byte[] kind : all) {
                String text = new String(kind, StandardCharsets.US_ASCII);
                if (text.endsWith(":" + TYPE)) {
                    apps.add(Integer.parseUnsignedInt(text.substring(0, text.indexOf(':'))));
                }
            }
            return apps;
        });
    }

    /** Empty = from the oldest that is kept. */
    CompletableFuture<ByteString> cursor(int app) {
        int home = home(app);
        RedisSession session = redis.session(home);
        CompletableFuture<byte[]> found = session == null
                ? redis.away(home)
                : session.command(commands -> commands.get(Keys.receiptCursor(home, app)));
        return found.thenApply(bytes -> bytes == null ? ByteString.EMPTY : ByteString.copyFrom(bytes));
    }

    /** Everything before it is kept. */
    CompletableFuture<Void> cursor(int app, ByteString cursor) {
        int home = home(app);
        RedisSession session = redis.session(home);
        CompletableFuture<String> set = session == null
                ? redis.away(home)
                : session.command(commands -> commands.set(Keys.receiptCursor(home, app), cursor.toByteArray(),
                        SetArgs.Builder.px(REMEMBERED)));
        return set.thenAccept(done -> {
        });
    }

    /** Keeps receipts, given in the order of the ledger; false = there was no room, or no channel, for some of them. */
    CompletableFuture<Boolean> keep(int app, List<Receipt> receipts) {
        Map<Integer, List<Receipt>> byPartition = new HashMap<>();
        for (Receipt receipt : receipts) {
            byPartition.computeIfAbsent(Partitions.of(receipt.getEndpointId()), none -> new ArrayList<>()).add(receipt);
        }
        CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
        for (Map.Entry<Integer, List<Receipt>> each : byPartition.entrySet()) {
            all = all.thenCombine(keep(each.getKey(), app, each.getValue()), Boolean::logicalAnd);
        }
        return all;
    }

    private CompletableFuture<Boolean> keep(int partition, int app, List<Receipt> receipts) {
        byte[][] keys = {Keys.stream(partition, app, TYPE), Keys.budget(partition, app),
                Keys.receiptMarks(partition, app), Keys.asleep(partition, app, TYPE), Keys.lastId(partition)};
        var arguments = new byte[FIXED + EACH * receipts.size()][];
        arguments[0] = Keys.ascii(TYPE);
        arguments[1] = Keys.ascii(Keys.kind(app, TYPE));
        arguments[2] = mostOfType;
        arguments[3] = mostOfApp;
        arguments[4] = Keys.wake(partition);
        arguments[5] = Keys.number(REMEMBERED.toMillis());
        int at = FIXED;
        for (Receipt receipt : receipts) {
            arguments[at++] = Keys.number(Integer.toUnsignedLong(receipt.getShard()));
            arguments[at++] = Keys.number(receipt.getSeq());
            arguments[at++] = ReceiptValues.of(app, receipt);
        }
        return redis.<List<Object>>run(partition, Script.RECEIPT, keys, arguments).thenApply(answer -> {
            long dealt = (Long) answer.get(0);
            long kept = (Long) answer.get(1);
            count("kept", kept);
            count("double", dealt - kept);
            count("held", receipts.size() - dealt);
            return dealt == receipts.size();
        });
    }

    private void count(String outcome, long many) {
        metrics.counter(CoordinatorMetric.RECEIPTS, "outcome", outcome).add(many);
    }
}
