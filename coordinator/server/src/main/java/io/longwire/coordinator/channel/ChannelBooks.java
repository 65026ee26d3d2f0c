package io.longwire.coordinator.channel;

import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ChannelUpdate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Looking at channels and changing them: cold calls, each of all 64 partitions. Thread-safe, never blocks. */
public final class ChannelBooks {
    private static final int COUNTED = 100;
    private static final byte[] NOTHING = {};

    private final ChannelStore store;

    public ChannelBooks(ChannelStore store) {
        this.store = store;
    }

    /** The types of an app, by name. */
    public CompletableFuture<List<String>> types(int app) {
        return everywhere(partition -> {
            RedisSession session = store.redis().session(partition);
            return session == null
                    ? store.redis().<List<byte[]>>away(partition)
                    : session.<List<byte[]>>command(redis -> redis.hkeys(Keys.budget(partition, app)));
        }).thenApply(all -> {
            var types = new TreeSet<String>();
            all.forEach(some -> some.forEach(type -> types.add(new String(type, StandardCharsets.US_ASCII))));
            types.remove("*");
            return List.copyOf(types);
        });
    }

    /** The channels of a type, by name. What waits is counted up to 100 in a partition. */
    public CompletableFuture<List<ChannelInfo>> channels(int app, String type) {
        var any = new ChannelName(app, type, "");
        return everywhere(partition -> store.<List<Object>>run(partition, Script.LOOK,
                new byte[][]{ChannelStore.stream(partition, any)}, Keys.number(COUNTED),
                ChannelStore.state(partition, any), ChannelStore.dead(partition, any), Keys.deadBytes(partition, app),
                Keys.ascii(type + ":"))).thenApply(all -> {
                    var infos = new TreeMap<String, ChannelInfo.Builder>();
                    all.forEach(rows -> add(infos, type, rows));
                    return infos.values().stream().map(ChannelInfo.Builder::build).toList();
                });
    }

    /** Changes a channel everywhere; false = there is none. */
    public CompletableFuture<Boolean> change(ChannelName name, ChannelUpdate update) {
        byte[] paused = update.hasPaused() ? Keys.number(update.getPaused() ? 1 : 0) : NOTHING;
        byte[] sample = update.hasSamplePercent() ? Keys.ascii(Double.toString(update.getSamplePercent())) : NOTHING;
        byte[] what = Keys.ascii(update.getDelete() ? "delete" : update.getEmpty() ? "empty" : "keep");
        return everywhere(partition -> store.<Long>run(partition, Script.CHANGE,
                new byte[][]{ChannelStore.stream(partition, name), ChannelStore.state(partition, name),
                        ChannelStore.waits(partition, name), ChannelStore.dead(partition, name),
                        Keys.asleep(partition, name.app(), name.type()), Keys.deadBytes(partition, name.app())},
                Keys.ascii(name.channel()), paused, sample, what, Keys.wake(partition), Keys.ascii(name.kind()),
                Keys.ascii(name.ofApp())))
                .thenApply(all -> all.contains(1L));
    }

    private static void add(Map<String, ChannelInfo.Builder> infos, String type, List<Object> rows) {
        for (int i = 0; i + 8 < rows.size(); i += 9) {
            String channel = ChannelStore.text(rows.get(i));
            ChannelInfo.Builder info = infos.computeIfAbsent(channel,
                    name -> ChannelInfo.newBuilder().setType(type).setChannel(name));
            long oldest = (Long) rows.get(i + 5);
            info.setDepth(info.getDepth() + (Long) rows.get(i + 1))
                    .setInFlight(info.getInFlight() + (Long) rows.get(i + 2))
                    .setDelayed(info.getDelayed() + (Long) rows.get(i + 3))
                    .setDead(info.getDead() + (Long) rows.get(i + 4))
                    .setDeadBytes(info.getDeadBytes() + (Long) rows.get(i + 8))
                    .setPaused((Long) rows.get(i + 6) == 1)
                    .setSamplePercent(Double.parseDouble(ChannelStore.text(rows.get(i + 7))));
            if (oldest != 0 && (info.getOldestMs() == 0 || oldest < info.getOldestMs())) {
                info.setOldestMs(oldest);
            }
        }
    }

    private static <T> CompletableFuture<List<T>> everywhere(IntFunction<CompletableFuture<T>> ask) {
        var all = new ArrayList<CompletableFuture<T>>(Partitions.COUNT);
        for (int p = 0; p < Partitions.COUNT; p++) {
            all.add(ask.apply(p));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }
}
