package io.longwire.saver.cold;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.account.Apps;
import io.longwire.saver.due.Reach;
import io.longwire.saver.due.SlotLap;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.inbox.SlotKeys.Mark;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refills the COLD slots this saver works, whatever made them cold, as soon as their Redis node answers.
 *
 * <p>A node with another replication id than the slot's: the id is announced first (see {@link ColdSlots}), and
 * nothing is read for 3 s. Then: g = cold_gen; everything of the ledger without an end is appended, from where the
 * data set may have a hole (the slot's mark minus 15 min, or the oldest unconfirmed id; all of it if the data set has
 * no mark); what was appended is looked up; the mark is written; clean_gen = g. The mark is written only here and
 * moved only by appends on the same data set, so a repair that dies, or an append into a wiped Redis, does not hide
 * the hole from the next one. A clean slot that has lost its mark was flushed under a running Redis and becomes cold
 * within 5 s. Everything is idempotent; a slot whose session breaks half way stays cold.
 */
public final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);
    private static final int SLOTS_AT_ONCE = 256;
    private static final Duration LAP = Duration.ofSeconds(5); // each clean slot is verified in it
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration MARGIN = Duration.ofMinutes(15);

    private record Node(Shard shard, RedisSession session) {
    }

    private final ColdSlots cold;
    private final WorkedSlots worked;
    private final Shards shards;
    private final RedisNodes redis;
    private final SlotKeys slotKeys;
    private final Refill refill;
    private final Clock clock;
    private final Metrics metrics;
    private final SlotLap lap = new SlotLap(LAP, STEP); // owned by the verifying rounds

    public Repair(ColdSlots cold, WorkedSlots worked, Stores stores, Apps apps, Endings endings, Reach reach,
            Metrics metrics) {
        this.cold = cold;
        this.worked = worked;
        this.shards = stores.shards();
        this.redis = stores.redis();
        this.clock = stores.clock();
        this.slotKeys = new SlotKeys(clock);
        this.refill = new Refill(clock, apps, endings, reach, metrics);
        this.metrics = metrics;
    }

    /** What a repair reads and writes. */
    public record Stores(Shards shards, RedisNodes redis, Clock clock) {
    }

    /** Repairs every second. The caller closes it. */
    public Rounds start() {
        return new Rounds("repair", clock, Duration.ofSeconds(1), this::round,
                () -> metrics.counter(SaverMetric.REPAIR_FAILURES).increment());
    }

    /** Asks all clean slots for their marks in 5 s, a few at a time. The caller closes it. */
    public Rounds startVerifying() {
        return new Rounds("verify", clock, lap.period(), this::verifySome,
                () -> metrics.counter(SaverMetric.REPAIR_FAILURES).increment());
    }

    /** Announces and repairs what can be now. Blocks. */
    public void round() throws SQLException {
        Map<Node, List<Integer>> toAnnounce = new LinkedHashMap<>();
        Map<Node, List<Integer>> toRepair = new LinkedHashMap<>();
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            SlotState state = cold.state(slot);
            RedisSession session = redis.session(slot);
            if (state == null || session == null || !mayWork(slot)) {
                continue;
            }
            var node = new Node(shards.of(slot), session);
            if (!state.replicationId().equals(session.replicationId())) {
                toAnnounce.computeIfAbsent(node, any -> new ArrayList<>()).add(slot);
            } else if (state.marked() && cold.knownToAll(slot)) {
                toRepair.computeIfAbsent(node, any -> new ArrayList<>()).add(slot);
            }
        }
        for (Map.Entry<Node, List<Integer>> each : toAnnounce.entrySet()) {
            announce(each.getKey(), each.getValue());
        }
        for (Map.Entry<Node, List<Integer>> each : toRepair.entrySet()) {
            List<Integer> slots = each.getValue();
            for (int from = 0; from < slots.size(); from += SLOTS_AT_ONCE) {
                repair(each.getKey(), slots.subList(from, Math.min(slots.size(), from + SLOTS_AT_ONCE)));
            }
        }
        if (!toAnnounce.isEmpty() || !toRepair.isEmpty()) {
            cold.refresh();
        }
    }

    private boolean mayWork(int slot) {
        return cold.fresh(slot) && worked.has(slot);
    }

    /** Verifies the next few clean slots. Blocks. */
    public void verifySome() throws SQLException {
        Map<Node, List<Integer>> clean = new LinkedHashMap<>();
        lap.step(slot -> {
            SlotState state = cold.state(slot);
            RedisSession session = redis.session(slot);
            if (state != null && session != null && mayWork(slot) && !state.marked()
                    && state.replicationId().equals(session.replicationId())) {
                clean.computeIfAbsent(new Node(shards.of(slot), session), any -> new ArrayList<>()).add(slot);
            }
        });
        verify(clean);
    }

    // A clean slot without its mark was flushed, or deleted by hand: its Redis did not restart, so nothing else tells.
    private void verify(Map<Node, List<Integer>> clean) throws SQLException {
        for (Map.Entry<Node, List<Integer>> each : clean.entrySet()) {
            RedisSession session = each.getKey().session;
            List<Integer> slots = each.getValue();
            List<CompletableFuture<Mark>> marks = slots.stream().map(slot -> slotKeys.mark(session, slot)).toList();
            join(marks);
            var lost = new ArrayList<Integer>();
            for (int i = 0; i < marks.size(); i++) {
                Mark mark = marks.get(i).join();
                if (mark == null || !mark.replicationId().equals(session.replicationId())) {
                    lost.add(slots.get(i));
                }
            }
            if (!lost.isEmpty()) {
                LOG.warn("{} slots of redis {} have lost their mark (flushed?): they are cold now", lost.size(),
                        session.replicationId());
                try (Connection connection = each.getKey().shard.connectForJob()) {
                    SlotStates.suspect(connection, lost, session.replicationId());
                }
            }
        }
    }

    private void announce(Node node, List<Integer> slots) throws SQLException {
        LOG.info("slots of redis {}: {} are cold, refilled from the ledger in {} s", node.session.replicationId(),
                slots.size(), ColdSlots.KNOWN.toSeconds());
        try (Connection connection = node.shard.connectForJob()) {
            SlotStates.announce(connection, slots, node.session.replicationId(), clock.wallMillis());
        }
    }

    private void repair(Node node, List<Integer> slots) throws SQLException {
        try (Connection ledger = node.shard.connectForJob()) {
            List<SlotState> states = SlotStates.read(ledger, slots).stream()
                    .filter(state -> state.marked()
                            && state.replicationId().equals(node.session.replicationId()))
                    .toList();
            if (states.isEmpty()) {
                return;
            }
            long from = from(node.session, ledger, states);
            List<Integer> repaired = states.stream().map(SlotState::slot).toList();
            int count = 0;
            for (String table : List.of("msg_log", "msg_cold")) {
                var pages = new LedgerPages(table, repaired, from);
                for (var page = pages.next(ledger, clock.wallMillis()); !page.isEmpty(); page = next(pages, ledger)) {
                    refill.put(node.session, ledger, page);
                    count += page.size();
                }
            }
            join(repaired.stream().map(slot -> slotKeys.setMark(node.session, slot)).toList());
            SlotStates.clean(ledger, states);
            metrics.counter(SaverMetric.REPAIRED_SLOTS).add(repaired.size());
            if (count > 0) {
                LOG.info("{} slots repaired, {} messages put back", repaired.size(), count);
            }
        } catch (CompletionException failed) {
            throw StoreFailure.of(failed);
        }
    }

    private List<MessageRow> next(LedgerPages pages, Connection ledger) throws SQLException {
        return pages.next(ledger, clock.wallMillis());
    }

    // The oldest id that one of the slots may miss; fills the gone sets of slots whose data set may miss them too.
    private long from(RedisSession session, Connection ledger, List<SlotState> states) throws SQLException {
        long from = Long.MAX_VALUE;
        List<CompletableFuture<Mark>> marks = states.stream().map(state -> slotKeys.mark(session, state.slot()))
                .toList();
        join(marks);
        var without = new ArrayList<Integer>();
        for (int i = 0; i < states.size(); i++) {
            Mark mark = marks.get(i).join();
            if (mark == null || !mark.replicationId().equals(session.replicationId())) {
                without.add(states.get(i).slot());
            }
            long hole = mark == null ? 0 : MessageId.firstOf(mark.at() - MARGIN.toMillis());
            from = Math.min(from, Math.min(hole, states.get(i).coldFrom()));
        }
        SlotStates.gone(ledger, without)
                .forEach((slot, endpoints) -> slotKeys.addGone(session, slot, endpoints).join());
        return from;
    }

    private static void join(List<? extends CompletableFuture<?>> futures) {
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
    }
}
