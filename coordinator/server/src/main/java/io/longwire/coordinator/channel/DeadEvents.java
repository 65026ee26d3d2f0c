package io.longwire.coordinator.channel;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** What channels have given up: listed partition by partition, put back one by one. Thread-safe, never blocks. */
public final class DeadEvents {
    private final ChannelStore store;

    public DeadEvents(ChannelStore store) {
        this.store = store;
    }

    /**
     * Some of them.
     *
     * @param letters the name of each among the dead letters, aligned with the events
     * @param next where it goes on; null = there are no more
     */
    public record Some(List<Given> events, List<EventId> letters, @Nullable EventId next) {
    }

    /** From this dead letter on (exclusive); null = from the first. */
    public CompletableFuture<Some> list(ChannelName name, @Nullable EventId after, int limit) {
        return collect(name, after == null ? new EventId(0, "0-0") : after, limit,
                new Some(new ArrayList<>(), new ArrayList<>(), null));
    }

    /** Puts one back, for its channel alone, as a new event; false = it is not there any more. */
    public CompletableFuture<Boolean> raise(ChannelName name, EventId letter) {
        int partition = letter.partition();
        byte[][] keys = {ChannelStore.stream(partition, name), ChannelStore.waits(partition, name),
                ChannelStore.dead(partition, name), Keys.budget(partition, name.app()),
                Keys.asleep(partition, name.app(), name.type()), Keys.lastId(partition),
                Keys.deadBytes(partition, name.app())};
        return store.<Long>run(partition, Script.RAISE, keys, Keys.ascii(name.channel()),
                Keys.ascii(letter.stream()), Keys.wake(partition), Keys.ascii(name.kind()), Keys.ascii(name.type()),
                Keys.ascii(name.ofApp()))
                .thenApply(done -> done == 1);
    }

    private CompletableFuture<Some> collect(ChannelName name, EventId after, int limit, Some found) {
        int partition = after.partition();
        return read(name, after, limit - found.events.size()).thenCompose(letters -> {
            EventId last = after;
            for (StreamMessage<byte[], byte[]> letter : letters) {
                last = new EventId(partition, letter.getId());
                found.letters.add(last);
                found.events.add(given(partition, letter));
            }
            if (found.events.size() >= limit) {
                return CompletableFuture.completedFuture(new Some(found.events, found.letters, last));
            }
            return partition + 1 == Partitions.COUNT
                    ? CompletableFuture.completedFuture(found)
                    : collect(name, new EventId(partition + 1, "0-0"), limit, found);
        });
    }

    private CompletableFuture<List<StreamMessage<byte[], byte[]>>> read(ChannelName name, EventId after, int limit) {
        int partition = after.partition();
        RedisSession session = store.redis().session(partition);
        return session == null
                ? store.redis().away(partition)
                : session.command(redis -> redis.xrange(ChannelStore.dead(partition, name),
                        Range.from(Range.Boundary.excluding(after.stream()), Range.Boundary.unbounded()),
                        Limit.from(limit)));
    }

    private static Given given(int partition, StreamMessage<byte[], byte[]> letter) {
        byte[] value = {};
        String id = letter.getId();
        int attempts = 0;
        for (Map.Entry<byte[], byte[]> field : letter.getBody().entrySet()) {
            switch (field.getKey()[0]) {
                case 'e' -> value = field.getValue();
                case 'i' -> id = new String(field.getValue(), StandardCharsets.US_ASCII);
                default -> attempts = Integer.parseInt(new String(field.getValue(), StandardCharsets.US_ASCII));
            }
        }
        return new Given(new EventId(partition, id), attempts, value);
    }
}
