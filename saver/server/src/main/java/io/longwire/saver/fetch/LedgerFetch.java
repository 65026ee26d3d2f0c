package io.longwire.saver.fetch;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.inbox.Collapse;
import io.longwire.saver.inbox.Looked;
import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.LiveList;
import io.longwire.saver.ledger.LiveList.Live;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.ReadLive;
import io.longwire.saver.ledger.ReadMessages;
import io.longwire.saver.ledger.Recorded;
import io.longwire.saver.ledger.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The fetch of a COLD slot: (Redis ∪ ledger) minus ends, by id, within the limits. The ledger is asked after Redis
 * has answered, so its ends are at least as young as what Redis gave.
 */
final class LedgerFetch implements AutoCloseable {
    private static final BatchQueue.Limits LIVE = new BatchQueue.Limits(3, 10_000, 1L << 30, Duration.ofMillis(1),
            Duration.ofMillis(450));
    private static final BatchQueue.Limits BODIES = new BatchQueue.Limits(3, 20_000, 1L << 30, Duration.ofMillis(1),
            Duration.ofMillis(450));

    private final Shards.PerShard<Long, LiveList> live;
    private final Shards.PerShard<MessageKey, Recorded> bodies;
    private final Clock clock;

    LedgerFetch(Shards shards, Clock clock) {
        this.live = shards.each(shard -> shard.queue("cold-live", new ReadLive(), LIVE));
        this.bodies = shards.each(shard -> shard.queue("cold-body", new ReadMessages(), BODIES));
        this.clock = clock;
    }

    /** Completes what Redis gave; fails with StoreFailure when the ledger does not answer in time. */
    CompletableFuture<Looked> fetch(Wanted wanted, Looked fromRedis) {
        long endpoint = wanted.endpoint();
        return live.submit(Slots.of(endpoint), endpoint).thenCompose(list -> {
            long now = clock.wallMillis();
            Set<Long> skip = new HashSet<>(wanted.skip());
            var union = new TreeMap<Long, @Nullable Waiting>(); // as Redis has it, or null
            list.messages().stream().filter(message -> message.expireAt() > now && !skip.contains(message.message()))
                    .forEach(message -> union.put(message.message(), null));
            fromRedis.messages().forEach(message -> union.put(message.message(), message));
            List<Collapse> collapsed = collapsed(list, fromRedis, now);
            collapsed.forEach(each -> union.remove(each.message()));
            List<MessageKey> first = union.keySet().stream().limit(wanted.messages())
                    .map(message -> new MessageKey(endpoint, message)).toList();
            boolean more = union.size() > first.size() || fromRedis.more() || !list.complete();
            boolean parked = fromRedis.parked() && !covers(fromRedis, list);
            List<Long> expired = list.messages().stream().filter(message -> message.expireAt() <= now)
                    .map(Live::message).toList();
            List<CompletableFuture<Recorded>> read = first.stream()
                    .map(key -> bodies.submit(key.slot(), key)).toList();
            return CompletableFuture.allOf(read.toArray(CompletableFuture[]::new)).thenApply(done -> within(wanted,
                    read.stream().map(CompletableFuture::join).toList(), union,
                    new Looked(List.of(), more, fromRedis.notBefore(), expired, parked, collapsed)));
        });
    }

    // A slot is COLD because an append may not have reached its inbox: then no script has seen both of a collapse key.
    private static List<Collapse> collapsed(LiveList list, Looked fromRedis, long now) {
        var newest = new HashMap<Long, Long>(); // by the hash of the key
        list.messages().stream().filter(message -> message.collapse() != 0 && message.expireAt() > now)
                .forEach(message -> newest.merge(message.collapse(), message.message(), Math::max));
        fromRedis.messages().stream().filter(message -> message.collapse() != 0)
                .forEach(message -> newest.merge(message.collapse(), message.message(), Math::max));
        var collapsed = new ArrayList<>(fromRedis.collapsed());
        if (!newest.isEmpty()) {
            var named = new HashSet<Long>();
            collapsed.forEach(each -> named.add(each.message()));
            list.messages().forEach(message -> older(newest, message.collapse(), message.message(), named, collapsed));
            fromRedis.messages()
                    .forEach(message -> older(newest, message.collapse(), message.message(), named, collapsed));
        }
        return collapsed;
    }

    private static void older(Map<Long, Long> newest, long collapse, long message, Set<Long> named,
            List<Collapse> collapsed) {
        Long by = collapse == 0 ? null : newest.get(collapse);
        if (by != null && by > message && named.add(message)) {
            collapsed.add(new Collapse(message, by));
        }
    }

    // Everything that lives in the ledger is among what Redis has.
    private static boolean covers(Looked fromRedis, LiveList list) {
        Set<Long> inRedis = fromRedis.messages().stream().map(Waiting::message).collect(Collectors.toSet());
        return list.complete() && list.messages().stream().allMatch(message -> inRedis.contains(message.message()));
    }

    // What the ledger ended meanwhile is left out; what only Redis has is given as it is.
    private static Looked within(Wanted wanted, List<Recorded> found, Map<Long, @Nullable Waiting> union,
            Looked about) {
        var messages = new ArrayList<Waiting>();
        boolean cut = about.more();
        int bytes = 0;
        for (Recorded message : found) {
            Waiting waiting = waiting(message, union.get(message.key().message()));
            if (waiting == null) {
                continue;
            }
            bytes += waiting.envelope().length;
            if (!messages.isEmpty() && bytes > wanted.bytes()) {
                cut = true;
                break;
            }
            messages.add(waiting);
        }
        return new Looked(messages, cut, about.notBefore(), about.expired(), about.parked(), about.collapsed());
    }

    private static @Nullable Waiting waiting(Recorded message, @Nullable Waiting inRedis) {
        var row = message.row();
        if (message.ended() || row == null) {
            return message.ended() ? null : inRedis;
        }
        return new Waiting(row.message(), row.expireAt(), row.app(), inRedis == null ? 0 : inRedis.attempts(),
                row.body(), MessageKind.headless(row.kind()), row.collapse(), false, MessageKind.revoke(row.kind()));
    }

    @Override
    public void close() {
        live.close();
        bodies.close();
    }
}
