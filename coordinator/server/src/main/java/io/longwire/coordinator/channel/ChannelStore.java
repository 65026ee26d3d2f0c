package io.longwire.coordinator.channel;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.redis.Script;
import io.longwire.keeper.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Channels in Redis, a script a call. Thread-safe, never blocks. Futures fail with {@link
 * io.longwire.coordinator.redis.StoreFailure}; every call may be repeated.
 */
public final class ChannelStore {
    /** What became of an event. */
    public enum How {
        FIN, REQ, TOUCH
    }

    /** What a channel was asked for. */
    enum Joined {
        THERE, MADE, TOO_MANY_CHANNELS, TOO_MANY_TYPES;

        static Joined of(int answer) {
            return switch (answer) {
                case 0 -> THERE;
                case 1 -> MADE;
                case 2 -> TOO_MANY_CHANNELS;
                default -> TOO_MANY_TYPES;
            };
        }
    }

    private final RedisNodes redis;
    private final Supplier<ChannelConfig> config;
    private final int typesPerApp;
    private final Metrics metrics;

    /** @param config asked at each call */
    public ChannelStore(RedisNodes redis, Supplier<ChannelConfig> config, int typesPerApp, Metrics metrics) {
        this.redis = redis;
        this.config = config;
        this.typesPerApp = typesPerApp;
        this.metrics = metrics;
    }

    CompletableFuture<Joined> join(int partition, ChannelName name) {
        byte[][] keys = {stream(partition, name), Keys.budget(partition, name.app()), Keys.index(partition)};
        return this.<Long>run(partition, Script.JOIN, keys, Keys.ascii(name.channel()), Keys.ascii(name.type()),
                Keys.ascii(name.kind()), Keys.number(config.get().channelsPerType()), Keys.number(typesPerApp))
                .thenApply(answer -> Joined.of(answer.intValue()));
    }

    /** Says that this instance has consumers of the channel, or has none (zero); answers who has. */
    CompletableFuture<List<String>> interest(ChannelName name, String me, Duration holds) {
        int partition = Math.floorMod(name.hashCode(), Partitions.COUNT);
        byte[][] keys = {Keys.interest(partition, name.app(), name.type(), name.channel())};
        return this.<List<Object>>run(partition, Script.INTEREST, keys, Keys.ascii(me),
                Keys.number(holds.toMillis()), Keys.wake(partition), Keys.ascii(name.text()))
                .thenApply(who -> who.stream().map(ChannelStore::text).toList());
    }

    /** Takes or prolongs a lease (zero: gives it back). Answers its epoch; 0 = another's, -1 = no such channel. */
    CompletableFuture<Long> lease(int partition, ChannelName name, String me, Duration holds) {
        return lease(partition, name, me, holds, "");
    }

    /**
     * The same, with another epoch than before also for who has it: what was given out to streams before is given again
     * first, and a call that gives out and is still on its way finds the lease lost.
     */
    CompletableFuture<Long> leaseAnew(int partition, ChannelName name, String me, Duration holds) {
        return lease(partition, name, me, holds, "anew");
    }

    private CompletableFuture<Long> lease(int partition, ChannelName name, String me, Duration holds, String how) {
        byte[][] keys = {state(partition, name), stream(partition, name), waits(partition, name)};
        return run(partition, Script.LEASE, keys, Keys.ascii(me), Keys.number(holds.toMillis()),
                Keys.ascii(name.channel()), Keys.wake(partition), Keys.ascii(name.text()), Keys.ascii(how));
    }

    CompletableFuture<Page> give(int partition, ChannelName name, long epoch, int count, Taker to) {
        ChannelConfig bounds = config.get();
        byte[][] keys = {stream(partition, name), waits(partition, name), state(partition, name),
                Keys.asleep(partition, name.app(), name.type()), dead(partition, name),
                Keys.deadBytes(partition, name.app())};
        return this.<List<Object>>run(partition, Script.GIVE, keys, Keys.ascii(name.channel()), Keys.number(epoch),
                Keys.number(count), Keys.number(to.inFlight().toMillis()),
                Keys.number(to.maxAttempts(bounds.maxAttempts())),
                Keys.ascii(to.poll() ? "poll" : "pull"), Keys.number(bounds.deadLetters()),
                Keys.number(bounds.deadBytesPerApp() / Partitions.COUNT), Keys.ascii(name.ofApp()))
                .thenApply(answer -> page(partition, answer));
    }

    /**
     * Notes what became of an event; false = it is not in flight.
     *
     * @param millis until it is given again
     * @param attempt the one that is meant; 0 = whichever is going on
     */
    public CompletableFuture<Boolean> settle(ChannelName name, EventId id, How how, long millis, int attempt) {
        int partition = id.partition();
        byte[][] keys = {stream(partition, name), waits(partition, name)};
        return this.<Long>run(partition, Script.SETTLE, keys, Keys.ascii(name.channel()), Keys.ascii(id.stream()),
                Keys.ascii(how.name().toLowerCase(Locale.ROOT)), Keys.number(millis), Keys.number(attempt))
                .thenApply(done -> done == 1);
    }

    <T> CompletableFuture<T> run(int partition, Script script, byte[][] keys, byte[]... arguments) {
        return redis.<T>run(partition, script, keys, arguments).whenComplete((answer, failure) -> {
            if (failure != null) {
                metrics.counter(CoordinatorMetric.STORE_CALLS_FAILED, "script",
                        script.name().toLowerCase(Locale.ROOT)).increment();
            }
        });
    }

    RedisNodes redis() {
        return redis;
    }

    static byte[] stream(int partition, ChannelName name) {
        return Keys.stream(partition, name.app(), name.type());
    }

    static byte[] waits(int partition, ChannelName name) {
        return Keys.waits(partition, name.app(), name.type(), name.channel());
    }

    static byte[] state(int partition, ChannelName name) {
        return Keys.state(partition, name.app(), name.type(), name.channel());
    }

    static byte[] dead(int partition, ChannelName name) {
        return Keys.dead(partition, name.app(), name.type(), name.channel());
    }

    static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }

    private static Page page(int partition, List<Object> answer) {
        List<?> flat = (List<?>) answer.get(4);
        var events = new ArrayList<Given>(flat.size() / 3);
        for (int i = 0; i + 2 < flat.size(); i += 3) {
            events.add(new Given(new EventId(partition, text(flat.get(i))), number(flat.get(i + 1)),
                    (byte[]) flat.get(i + 2)));
        }
        return new Page(Page.Verdict.of(number(answer.get(0))), (Long) answer.get(1), number(answer.get(2)),
                number(answer.get(3)), number(answer.get(5)), number(answer.get(6)), events);
    }

    static int number(Object value) {
        return ((Long) value).intValue();
    }
}
