package io.longwire.coordinator.callback;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import io.longwire.coordinator.redis.StoreFailure;
import io.longwire.rpc.coordinator.Callback;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * The callbacks, kept in the Redis of the events they send. Thread-safe, never blocks; futures fail with {@link
 * StoreFailure}, and every call may be repeated.
 */
public final class CallbackStore {
    private static final String CHANGES = "*";
    private static final byte[] NOTHING = {};

    private final RedisNodes redis;
    private final IntSupplier most;

    /** @param most callbacks of the deployment, asked whenever one is put */
    public CallbackStore(RedisNodes redis, IntSupplier most) {
        this.redis = redis;
        this.most = most;
    }

    /** False = there are as many as there may be. */
    public CompletableFuture<Boolean> put(Callback callback) {
        return change(callback.getAppId(), callback.getType(), callback.toByteArray(), NOTHING)
                .thenApply(done -> done == 1);
    }

    /** Puts it in the place of one that was found; false = that one is not there any more as it was. */
    public CompletableFuture<Boolean> replace(Callback known, Callback callback) {
        return change(callback.getAppId(), callback.getType(), callback.toByteArray(), known.toByteArray())
                .thenApply(done -> done == 1);
    }

    /** False = there was none. */
    public CompletableFuture<Boolean> remove(int app, String type) {
        return change(app, type, NOTHING, NOTHING).thenApply(done -> done == 1);
    }

    /** The one of a type. */
    public CompletableFuture<Optional<Callback>> find(int app, String type) {
        return asking(session -> session.<byte[]>command(
                commands -> commands.hget(Keys.callbacks(), Keys.ascii(Keys.kind(app, type)))))
                .thenApply(value -> value == null ? Optional.empty() : Optional.of(parsed(value)));
    }

    /** Those of an app, by type. */
    public CompletableFuture<List<Callback>> of(int app) {
        return all().thenApply(found -> found.callbacks().values().stream().filter(one -> one.getAppId() == app)
                .sorted((a, b) -> a.getType().compareTo(b.getType())).toList());
    }

    /** How often they have been changed. */
    CompletableFuture<Long> changes() {
        return asking(session -> session.<byte[]>command(
                commands -> commands.hget(Keys.callbacks(), Keys.ascii(CHANGES))))
                .thenApply(value -> value == null ? 0 : number(value));
    }

    /** All, as of one moment. */
    CompletableFuture<All> all() {
        return asking(session -> session.<Map<byte[], byte[]>>command(
                commands -> commands.hgetall(Keys.callbacks()))).thenApply(fields -> {
                    long changes = 0;
                    var callbacks = new HashMap<ChannelName, Callback>();
                    for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
                        if (new String(field.getKey(), StandardCharsets.US_ASCII).equals(CHANGES)) {
                            changes = number(field.getValue());
                        } else {
                            Callback one = parsed(field.getValue());
                            callbacks.put(name(one.getAppId(), one.getType()), one);
                        }
                    }
                    return new All(changes, callbacks);
                });
    }

    /** @param changes how many there had been */
    record All(long changes, Map<ChannelName, Callback> callbacks) {
    }

    /** The channel that a type's callback takes from. */
    public static ChannelName name(int app, String type) {
        return new ChannelName(app, type, ChannelName.CALLBACK);
    }

    private CompletableFuture<Long> change(int app, String type, byte[] value, byte[] known) {
        return redis.run(0, Script.CALLBACK, new byte[][]{Keys.callbacks()}, Keys.ascii(Keys.kind(app, type)), value,
                Keys.number(most.getAsInt()), known);
    }

    private <T> CompletableFuture<T> asking(Function<RedisSession, CompletableFuture<T>> ask) {
        RedisSession session = redis.session(0);
        return session == null ? redis.away(0) : ask.apply(session);
    }

    private static long number(byte[] value) {
        return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    }

    private static Callback parsed(byte[] value) {
        try {
            return Callback.parseFrom(value);
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException("a callback in Redis: not one", broken);
        }
    }
}
