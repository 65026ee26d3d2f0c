package io.longwire.register.table;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

/** Any sequence of operations does to the table what it does to a HashMap with the rules written down plainly. */
class SessionTableModelTest {
    private record Entry(long connSeq, int room, long handle) {
    }

    record Step(int kind, long endpointId, long connSeq, int room) {
    }

    private final Map<Long, Entry> model = new HashMap<>();
    private final Set<Integer> dead = new HashSet<>();
    private final SessionEntry other = new SessionEntry();

    @Property(tries = 300)
    void behavesAsAMap(@ForAll("steps") List<Step> steps) {
        model.clear();
        dead.clear();
        try (var table = new SessionTable(500, room -> !dead.contains(room))) {
            long handle = 0;
            for (Step step : steps) {
                handle++;
                apply(table, step, handle);
                assertThat(table.size()).isEqualTo(model.size());
            }
            assertSame(table);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        // Few endpoints in two slots, so that they meet, displace one another and shift back.
        Arbitrary<Long> endpoints = Combinators
                .combine(Arbitraries.longs().between(1, 600), Arbitraries.longs().between(0, 1))
                .as((id, slot) -> id << 12 | slot * 4095);
        Arbitrary<Integer> kinds = Arbitraries.frequencyOf(Tuple.of(600, Arbitraries.just(0)),
                Tuple.of(300, Arbitraries.just(1)),
                Tuple.of(4, Arbitraries.of(2, 3, 4, 5)));
        return Combinators.combine(kinds, endpoints, Arbitraries.longs().between(1, 6),
                Arbitraries.integers().between(0, 5)).as(Step::new).list().ofMinSize(200).ofMaxSize(3_000);
    }

    private void apply(SessionTable table, Step step, long handle) {
        int slot = (int) (step.endpointId() & 4095);
        switch (step.kind()) {
            case 0 -> put(table, step, handle);
            case 1 -> remove(table, step);
            case 2 -> dead.add(step.room());
            case 3 -> {
                // A dead index comes back only after it was swept everywhere.
                sweep(table, 0);
                sweep(table, 4095);
                dead.remove(step.room());
            }
            case 4 -> sweep(table, slot);
            default -> {
                table.clear(slot);
                model.keySet().removeIf(id -> (id & 4095) == slot);
            }
        }
    }

    private void put(SessionTable table, Step step, long handle) {
        Entry known = model.get(step.endpointId());
        boolean live = known != null && !dead.contains(known.room());
        PutOutcome expected;
        if (known == null) {
            expected = model.size() < 500 ? PutOutcome.STORED : PutOutcome.FULL;
        } else if (!live || (known.connSeq() == step.connSeq() && known.room() == step.room())) {
            expected = PutOutcome.STORED;
        } else {
            expected = step.connSeq() > known.connSeq() ? PutOutcome.DISPLACED : PutOutcome.INCUMBENT;
        }
        assertThat(table.put(step.endpointId(), step.connSeq(), step.room(), handle, other)).isEqualTo(expected);
        if (known != null && (expected == PutOutcome.DISPLACED || expected == PutOutcome.INCUMBENT)) {
            assertThat(new Entry(other.connSeq(), other.roomIncarnation(), other.handle())).isEqualTo(known);
        }
        if (expected == PutOutcome.STORED || expected == PutOutcome.DISPLACED) {
            model.put(step.endpointId(), new Entry(step.connSeq(), step.room(), handle));
        }
    }

    private void remove(SessionTable table, Step step) {
        Entry known = model.get(step.endpointId());
        RemoveOutcome expected;
        if (known == null) {
            expected = RemoveOutcome.ABSENT;
        } else if (known.connSeq() == step.connSeq() && known.room() == step.room()) {
            expected = RemoveOutcome.REMOVED;
            model.remove(step.endpointId());
        } else {
            expected = known.connSeq() > step.connSeq() && !dead.contains(known.room())
                    ? RemoveOutcome.SUPERSEDED
                    : RemoveOutcome.ABSENT;
        }
        assertThat(table.remove(step.endpointId(), step.connSeq(), step.room())).isEqualTo(expected);
    }

    private void sweep(SessionTable table, int slot) {
        int before = model.size();
        model.entrySet().removeIf(e -> (e.getKey() & 4095) == slot && dead.contains(e.getValue().room()));
        assertThat(table.sweep(slot, dead::contains)).isEqualTo(before - model.size());
    }

    private void assertSame(SessionTable table) {
        var shown = new HashMap<Long, Entry>();
        for (int slot : new int[]{0, 4095}) {
            table.forEach(slot, (endpointId, connSeq, room, handle) -> assertThat(
                    shown.put(endpointId, new Entry(connSeq, room, handle))).isNull());
        }
        assertThat(shown).isEqualTo(model);
        model.forEach((endpointId, entry) -> {
            boolean live = !dead.contains(entry.room());
            assertThat(table.find(endpointId, other)).isEqualTo(live);
            if (live) {
                assertThat(new Entry(other.connSeq(), other.roomIncarnation(), other.handle())).isEqualTo(entry);
            }
        });
        for (int room = 0; room <= 5; room++) {
            int of = room;
            var ofRoom = new HashSet<Long>();
            table.forEachOf(0, of, (endpointId, connSeq, r, handle) -> ofRoom.add(endpointId));
            table.forEachOf(4095, of, (endpointId, connSeq, r, handle) -> ofRoom.add(endpointId));
            assertThat(ofRoom).hasSize((int) model.values().stream().filter(e -> e.room() == of).count());
        }
    }
}
