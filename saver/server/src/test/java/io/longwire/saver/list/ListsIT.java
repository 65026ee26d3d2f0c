package io.longwire.saver.list;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.rpc.saver.BadLine;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.ListPart;
import io.longwire.saver.Bench;
import io.longwire.saver.ledger.StoreFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static io.longwire.saver.list.ListBench.bad;
import static io.longwire.saver.list.ListBench.endpoint;
import static io.longwire.saver.list.ListBench.part;
import static io.longwire.saver.list.ListBench.sealOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ListsIT {
    private Bench bench;
    private ListBench all;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        all = new ListBench(bench);
    }

    @AfterEach
    void stop() {
        all.close();
        bench.close();
    }

    @Test
    void givesTheSameListForTheSameKeyWhateverItHasBecome() throws Exception {
        AudienceList made = all.create("k");
        AudienceList other = all.create("");

        assertThat(made).returns(State.OPEN, AudienceList::getState).returns("k", AudienceList::getIdempotencyKey);
        assertThat(all.create("k")).isEqualTo(made);
        assertThat(all.create("").getListId()).as("no key, no memory").isNotEqualTo(other.getListId());
        all.append(made, 0, 5);
        AudienceList sealed = all.seal(made, 1);
        assertThat(all.create("k")).isEqualTo(sealed);
        all.delete(made);
        assertThat(all.create("k").getState()).isEqualTo(State.DELETED);
        assertThat(get(all.lists.create(AudienceList.newBuilder().setAppId(bench.app).setIdempotencyKey("K").build()))
                .getListId()).as("another key").isGreaterThan(made.getListId());
    }

    @Test
    void sortsAllPartsBySlotAndCutsChunksWithinRanges() throws Exception {
        var random = new Random(3);
        long[] first = random.longs(9_000).toArray();
        long[] second = LongStream.concat(random.longs(7_000).map(id -> (id & ~4095L) | (64 + (id & 63))),
                LongStream.of(first).limit(1_000)).toArray();
        AudienceList list = all.create("k");
        all.append(list, part(1, second).setLines(8_500));
        AudienceList open = all.append(list, 0, first);

        AudienceList sealed = all.seal(list, 2);

        assertThat(open).returns(2, AudienceList::getParts).returns(17_500L, AudienceList::getLines)
                .returns(0L, AudienceList::getEndpoints);
        List<Long> expected = LongStream.concat(LongStream.of(first), LongStream.of(second)).boxed().distinct()
                .sorted(Comparator.<Long>comparingInt(Slots::of).thenComparing(Comparator.naturalOrder())).toList();
        assertThat(all.content(sealed)).isEqualTo(expected);
        assertThat(sealed).returns(State.SEALED, AudienceList::getState)
                .returns((long) expected.size(), AudienceList::getEndpoints)
                .returns(17_000L - expected.size(), AudienceList::getTwice);
        assertThat(sealed.getChunksList()).hasSize(64);
        assertThat(sealed.getSizesList().stream().mapToInt(size -> size).sum()).isEqualTo(expected.size());
        for (int range = 0; range < 64; range++) {
            int size = sealed.getSizes(range);
            assertThat(sealed.getChunks(range)).isEqualTo((size + 999) / 1_000);
            for (int chunk = 0; chunk < sealed.getChunks(range); chunk++) {
                long[] ids = all.chunk(sealed, range, chunk);
                assertThat(ids.length).isEqualTo(Math.min(1_000, size - 1_000 * chunk));
                int expectedRange = range;
                assertThat(LongStream.of(ids)).allMatch(id -> Slots.of(id) >>> 6 == expectedRange);
            }
        }
        assertThat(sealed.getSizesList().stream().mapToInt(size -> size).max().orElse(0)).as("several chunks")
                .isGreaterThan(2_000);
        assertThat(all.look(list)).isEqualTo(sealed);
    }

    @Test
    void countsThePartThatCameLastOfItsNumberAlone() throws Exception {
        AudienceList list = all.create("k");
        all.append(list, part(0, 1, 2, 3, 70, 2).setLines(9).setBad(2).addBadLines(bad(4)).addBadLines(bad(5)));
        all.append(list, part(1, 900).setLines(2).setBad(1).addBadLines(bad(11)));

        assertThat(all.look(list)).returns(11L, AudienceList::getLines).returns(3L, AudienceList::getBad)
                .returns(List.of(bad(4), bad(5), bad(11)), AudienceList::getBadLinesList);
        AudienceList replaced = all.append(list, 0, 2, 5, 5);
        all.append(list, 1, 900);

        assertThat(replaced).returns(2, AudienceList::getParts).returns(5L, AudienceList::getLines)
                .returns(1L, AudienceList::getBad);
        AudienceList sealed = all.seal(list, 2);
        assertThat(all.content(sealed)).containsExactly(2L, 5L, 900L);
        assertThat(sealed).returns(1L, AudienceList::getTwice).returns(0L, AudienceList::getBad);
        assertThatThrownBy(() -> all.append(list, 0, 7)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("list_id: " + list.getListId() + " is SEALED (expected: OPEN)");
    }

    @Test
    void keepsTheFirstHundredBadLinesOfAllParts() throws Exception {
        AudienceList list = all.create("k");
        for (int number = 0; number < 120; number++) {
            ListPart.Builder part = part(number).setLines(2).setBad(2);
            all.append(list, part.addBadLines(bad(1 + number)).addBadLines(bad(1_000 - number)));
        }

        assertThatThrownBy(() -> all.seal(list, 120)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("bad: 240 lines (expected: none, or skip_bad)");
        AudienceList sealed = get(all.seals.seal(sealOf(list, 120).toBuilder().setSkipBad(true).build()));

        assertThat(sealed.getBadLinesList()).extracting(BadLine::getLine)
                .isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(sealed.getBad()).isEqualTo(240);
        assertThat(sealed.getEndpoints()).isZero();
        assertThat(get(all.lists.find(FindListsRequest.newBuilder().setAppId(bench.app).build())).getLists(0))
                .isEqualTo(sealed.toBuilder().clearBadLines().build());
    }

    @Test
    void refusesToSealWithoutAllParts() throws Exception {
        AudienceList list = all.create("k");
        all.append(list, 0, 1);
        all.append(list, 3, 2);

        assertThatThrownBy(() -> all.seal(list, 4)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("parts: 1 is missing (expected: 0 to 3)");
        assertThatThrownBy(() -> all.seal(list, 1)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("parts: 1 (expected: as many as there are, 2)");
        all.append(list, 1);
        assertThatThrownBy(() -> all.seal(list, 5)).hasMessageContaining("parts: 2 is missing (expected: 0 to 4)");
        all.append(list, 2);
        assertThat(all.seal(list, 4).getEndpoints()).isEqualTo(2);
    }

    @Test
    void knowsNoListOfAnotherApp() throws Exception {
        AudienceList list = all.create("k");
        all.append(list, 0, 1);
        AudienceList foreign = list.toBuilder().setAppId(bench.app + 1).build();

        assertThat(all.look(foreign)).isEqualTo(AudienceList.getDefaultInstance());
        assertThat(all.append(foreign, 0, 2)).isEqualTo(AudienceList.getDefaultInstance());
        assertThat(all.seal(foreign, 1)).isEqualTo(AudienceList.getDefaultInstance());
        assertThat(all.delete(foreign)).isEqualTo(AudienceList.getDefaultInstance());
        AudienceList sealed = all.seal(list, 1);
        assertThatThrownBy(() -> all.chunk(foreign, 0, 0)).hasCauseInstanceOf(ListRefusal.class);
        assertThatThrownBy(() -> all.chunk(sealed, 0, 1)).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("list_id, range, chunk: " + list.getListId() + ", 0, 1 (expected: of a sealed");
        assertThatThrownBy(() -> all.chunk(sealed, -1, -1)).hasCauseInstanceOf(ListRefusal.class);
        assertThat(all.chunk(sealed, 0, 0)).containsExactly(1);
        assertThatThrownBy(() -> get(all.lists.create(AudienceList.newBuilder().setAppId(99).build())))
                .hasMessageContaining("app_id: 99 (expected: an app that was created)");
    }

    @Test
    void boundsListsAndEndpoints() throws Exception {
        var made = new ArrayList<AudienceList>();
        for (int i = 0; i < Lists.MOST; i++) {
            made.add(all.create(""));
        }

        assertThatThrownBy(() -> all.create("")).hasCauseInstanceOf(StoreFailure.class)
                .hasMessageContaining("lists: 50 (expected: fewer; delete some, or wait until they expire)");
        List<AudienceList> found = get(all.lists.find(FindListsRequest.newBuilder().setAppId(bench.app).build()))
                .getListsList();
        assertThat(found).as("newest first").isEqualTo(made.reversed());
        all.delete(found.getFirst());
        assertThat(get(all.lists.find(FindListsRequest.newBuilder().setAppId(bench.app).setLimit(2).build()))
                .getListsList()).as("without the deleted one").isEqualTo(found.subList(1, 3));
        assertThat(get(all.lists.find(FindListsRequest.newBuilder().setAppId(bench.app)
                .setBeforeId(made.get(2).getListId()).build())).getListsList()).containsExactly(made.get(1),
                        made.get(0));
        AudienceList list = all.create("");
        bench.execute("UPDATE audience_list SET given = 9999999 WHERE list_id = " + list.getListId());
        all.append(list, 0, 1);
        assertThatThrownBy(() -> all.append(list, 1, endpoint(1, 1))).hasCauseInstanceOf(ListRefusal.class)
                .hasMessageContaining("endpoints: 10000001 (expected: at most 10000000 in a list)");
        assertThat(all.look(list).getParts()).as("whole or not at all").isEqualTo(1);
    }
}
