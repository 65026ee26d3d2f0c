package io.longwire.coordinator.presence;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.PresenceResult;
import io.longwire.rpc.coordinator.PresenceResult.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Presence in Redis: one script keeps a chunk whole and once (see {@code tell.lua}). There is no WAIT for replicas:
 * what a crash of the store's machine takes, the next snapshot shows. Futures fail with StoreFailure. Thread-safe,
 * never blocks.
 */
public final class PresenceStore {
    /** Of the events. */
    public static final String TYPE = "$presence";

    private static final int MAX_ITEMS = 10_000;
    private static final int FIXED = 11;
    private static final String LOST = "lost:";

    private final RedisNodes redis;
    private final Clock clock;
    private final Metrics metrics;
    private final byte[] mostOfType;
    private final byte[] mostOfApp;

    /** What is known of one room in a partition. */
    public record RoomMark(int via, boolean closed, long closedMillis) {
    }

    /** Something of the app that this room told had no room, and nothing was kept of the app since. */
    public record Loss(int app, int via) {
    }

    /** What a partition knows of its rooms and of what had no room. */
    public record Standing(List<RoomMark> rooms, List<Loss> losses) {
    }

    public PresenceStore(RedisNodes redis, PresenceConfig config, long bytesPerApp, Clock clock, Metrics metrics) {
        this.redis = redis;
        this.clock = clock;
        this.metrics = metrics;
        this.mostOfApp = Keys.number(bytesPerApp / Partitions.COUNT);
        this.mostOfType = Keys.number(bytesPerApp * config.share() / 100 / Partitions.COUNT);
        metrics.bound(Bound.ofEach(bytesPerApp * config.share() / 100, CoordinatorMetric.PRESENCE, "outcome", "full"));
    }

    /** Keeps a chunk; never fails. */
    public CompletableFuture<PresenceResult> tell(PresenceChunk chunk) {
        if (chunk.getPartition() < 0 || chunk.getPartition() >= Partitions.COUNT || chunk.getItemsCount() > MAX_ITEMS) {
            return CompletableFuture.completedFuture(PresenceResult.newBuilder().setCode(Code.REFUSED)
                    .setText("partition, items: " + Integer.toUnsignedString(chunk.getPartition()) + ", "
                            + chunk.getItemsCount() + " (expected: 0 to 63, at most " + MAX_ITEMS + ")")
                    .build());
        }
        var events = new ArrayList<byte[]>(2 * chunk.getItemsCount());
        for (PresenceItem item : chunk.getItemsList()) {
            events.add(Keys.ascii(Integer.toUnsignedString(item.getAppId())));
            events.add(PresenceValues.of(item, chunk.getVia()));
        }
        return run(chunk.getPartition(), chunk.getVia(), chunk.getNumber(), chunk.getRevive() ? "revive" : "tell",
                events).handle(
                        (answer, failure) -> failure == null
                                ? result(answer)
                                : PresenceResult.newBuilder().setCode(Code.UNAVAILABLE)
                                        .setText(String.valueOf(failure.getMessage())).build());
    }

    /** Tells every app that the room is gone, and keeps nothing of it any more; false = that was done before. */
    public CompletableFuture<Boolean> close(int partition, int via) {
        List<byte[]> gone = List.of(Keys.number(0), PresenceValues.roomGone(via, clock.wallMillis()));
        return run(partition, via, 0, "close", gone).thenApply(answer -> (Long) answer.getFirst() == 1);
    }

    /** Remembers that somebody was told of this room's sessions, so that its end will be told too. */
    public CompletableFuture<Void> note(int partition, int via) {
        return this.<Boolean>command(partition, session -> session.command(
                commands -> commands.hsetnx(Keys.rooms(partition), Keys.number(via), Keys.number(0))))
                .thenAccept(added -> {
                });
    }

    /** Tells the app that something was lost, as soon as there is room for that; forgets it if it has no channel. */
    public CompletableFuture<Void> resync(int partition, Loss loss) {
        byte[] app = Keys.ascii(Integer.toUnsignedString(loss.app()));
        return run(partition, loss.via(), 0, "lost", List.of(app)).thenAccept(told -> {
        });
    }

    /** The rooms that told something, or were told of, and what had no room. */
    public CompletableFuture<Standing> standing(int partition) {
        return this.<Map<byte[], byte[]>>command(partition, session -> session.command(
                commands -> commands.hgetall(Keys.rooms(partition)))).thenApply(PresenceStore::standing);
    }

    /** Forgets a room that was closed long ago. */
    public CompletableFuture<Void> forget(int partition, int via) {
        return this.<Long>command(partition, session -> session.command(
                commands -> commands.hdel(Keys.rooms(partition), Keys.number(via)))).thenAccept(removed -> {
                });
    }

    /** The last id of the app's stream; empty = it has no channel. */
    public CompletableFuture<String> cursor(int partition, int app) {
        return redis.<List<Object>>run(partition, Script.CURSOR, new byte[][]{Keys.stream(partition, app, TYPE)})
                .thenApply(found -> found.isEmpty()
                        ? ""
                        : new String((byte[]) found.getFirst(), StandardCharsets.US_ASCII));
    }

    private interface Command<T> {
        CompletableFuture<T> on(RedisSession session);
    }

    private <T> CompletableFuture<T> command(int partition, Command<T> command) {
        RedisSession session = redis.session(partition);
        return session == null ? redis.away(partition) : command.on(session);
    }

    private CompletableFuture<List<Object>> run(int partition, int via, long number, String mode,
            List<byte[]> events) {
        var arguments = new byte[FIXED + events.size()][];
        arguments[0] = Keys.number(via);
        arguments[1] = Keys.number(number);
        arguments[2] = Keys.ascii(mode);
        arguments[3] = Keys.start('e', partition);
        arguments[4] = Keys.start('b', partition);
        arguments[5] = Keys.start('z', partition);
        arguments[6] = Keys.ascii(TYPE);
        arguments[7] = mostOfType;
        arguments[8] = mostOfApp;
        arguments[9] = Keys.wake(partition);
        arguments[10] = PresenceValues.of(PresenceItem.newBuilder().setKind(PresenceItem.Kind.RESYNC)
                .setAtMs(clock.wallMillis()).build(), via);
        for (int i = 0; i < events.size(); i++) {
            arguments[FIXED + i] = events.get(i);
        }
        return redis.<List<Object>>run(partition, Script.TELL,
                new byte[][]{Keys.rooms(partition), Keys.index(partition), Keys.lastId(partition)}, arguments)
                .thenApply(answer -> {
                    count("kept", (Long) answer.get(1));
                    count("full", (Long) answer.get(2));
                    return answer;
                });
    }

    private PresenceResult result(List<Object> answer) {
        if ((Long) answer.getFirst() == 2) {
            count("gone", 1);
            return PresenceResult.newBuilder().setCode(Code.GONE)
                    .setText("via: closed (expected: an incarnation that lives)").build();
        }
        var result = PresenceResult.newBuilder().setCode(Code.KEPT);
        for (Object app : answer.subList(3, answer.size())) {
            result.addUnwantedApps(Integer.parseUnsignedInt(new String((byte[]) app, StandardCharsets.US_ASCII)));
        }
        return result.build();
    }

    private void count(String outcome, long events) {
        if (events > 0) {
            metrics.counter(CoordinatorMetric.PRESENCE, "outcome", outcome).add(events);
        }
    }

    private static Standing standing(Map<byte[], byte[]> fields) {
        var texts = new HashMap<String, String>();
        fields.forEach((field, value) -> texts.put(new String(field, StandardCharsets.US_ASCII),
                new String(value, StandardCharsets.US_ASCII)));
        var marks = new ArrayList<RoomMark>();
        var losses = new ArrayList<Loss>();
        texts.forEach((field, value) -> {
            if (Character.isDigit(field.charAt(0))) {
                boolean closed = value.startsWith("g");
                marks.add(new RoomMark(Integer.parseInt(field), closed, closed
                        ? Long.parseLong(value.substring(1))
                        : 0));
            } else if (field.startsWith(LOST)) {
                losses.add(new Loss(Integer.parseUnsignedInt(field.substring(LOST.length())),
                        Integer.parseInt(value)));
            }
        });
        return new Standing(marks, losses);
    }
}
