package io.longwire.saver.inbox;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.inbox.Appended.Verdict;
import io.longwire.saver.ledger.MessageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class InboxIT extends InboxOnRedis {
    private static final Caps SMALL = new Caps(3, 10_000, Caps.Overflow.DROP_OLDEST);

    @Test
    void appendsOnce() throws Exception {
        MessageRow row = row(++endpoints, "a");

        assertThat(append(row, Caps.DEFAULT).verdict()).isEqualTo(Verdict.ADDED);
        assertThat(append(row, Caps.DEFAULT).verdict()).isEqualTo(Verdict.THERE);

        Looked looked = fetch(row.endpoint());
        assertThat(looked.messages()).singleElement().satisfies(waiting -> {
            assertThat(waiting.message()).isEqualTo(row.message());
            assertThat(waiting.app()).isEqualTo(9);
            assertThat(waiting.expireAt()).isEqualTo(row.expireAt());
            assertThat(new String(waiting.envelope(), java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("a");
        });
    }

    @Test
    void namesTheOldestAsVictimsAndRefusesAtTwiceTheCap() throws Exception {
        long endpoint = ++endpoints;
        List<MessageRow> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            rows.add(row(endpoint, "m" + i));
            assertThat(append(rows.get(i), SMALL).victims()).isEmpty();
        }

        MessageRow fourth = row(endpoint, "m3");
        assertThat(append(fourth, SMALL).victims()).containsExactly(rows.get(0).message());
        assertThat(append(row(endpoint, "m4"), SMALL).victims()).as("the first is being ended")
                .containsExactly(rows.get(1).message());
        append(row(endpoint, "m5"), SMALL);
        assertThat(append(row(endpoint, "m6"), SMALL).verdict()).isEqualTo(Verdict.TWICE_FULL);

        remove(endpoint, rows.get(0).message(), rows.get(1).message(), rows.get(2).message());
        assertThat(append(row(endpoint, "m7"), SMALL).verdict()).isEqualTo(Verdict.ADDED);
    }

    @Test
    void namesAVictimAgainOnlyWhenNobodyHasEndedItForAWhile() throws Exception {
        long endpoint = ++endpoints;
        List<MessageRow> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(row(endpoint, "m" + i));
            append(rows.get(i), SMALL);
        }
        remove(endpoint, rows.get(0).message());
        assertThat(append(row(endpoint, "m5"), SMALL).victims()).containsExactly(rows.get(2).message());

        clock.advance(Duration.ofSeconds(2));

        assertThat(append(row(endpoint, "m6"), SMALL).victims()).containsExactly(rows.get(1).message(),
                rows.get(2).message(), rows.get(3).message());
    }

    @Test
    void keepsWithinTheBytesToo() throws Exception {
        long endpoint = ++endpoints;
        var caps = new Caps(100, 1_000, Caps.Overflow.DROP_OLDEST);
        MessageRow first = row(endpoint, "x".repeat(500));
        append(first, caps);

        Appended second = append(row(endpoint, "y".repeat(600)), caps);

        assertThat(second.verdict()).isEqualTo(Verdict.ADDED);
        assertThat(second.victims()).containsExactly(first.message());
    }

    @Test
    void refusesNewOnesWhenTheAppWantsThat() throws Exception {
        long endpoint = ++endpoints;
        var caps = new Caps(1, 10_000, Caps.Overflow.REJECT_NEW);
        append(row(endpoint, "kept"), caps);

        assertThat(append(row(endpoint, "refused"), caps).verdict()).isEqualTo(Verdict.FULL);
        assertThat(fetch(endpoint).messages()).hasSize(1);
    }

    @Test
    void refusesAGoneEndpoint() throws Exception {
        long endpoint = ++endpoints;
        get(slots.addGone(session, Slots.of(endpoint), List.of(endpoint)));

        assertThat(append(row(endpoint, "late"), Caps.DEFAULT).verdict()).isEqualTo(Verdict.GONE);
    }

    @Test
    void setsTheDueTimeOnceAndLowersItByAMillisecondForEachFurtherMessage() throws Exception {
        MessageRow first = row(++endpoints, "a");
        long endpoint = first.endpoint();
        append(first, Caps.DEFAULT);
        long due = get(slots.dueAt(session, endpoint));

        append(first, Caps.DEFAULT);
        assertThat(get(slots.dueAt(session, endpoint))).as("a repeated append changes nothing").isEqualTo(due);
        append(row(endpoint, "b"), Caps.DEFAULT);

        assertThat(due).isEqualTo(clock.wallMillis() + 20_000);
        assertThat(get(slots.dueAt(session, endpoint))).isEqualTo(due - 1);
    }

    @Test
    void forgetsTheDueTimeWhenTheInboxIsEmpty() throws Exception {
        MessageRow first = row(++endpoints, "a");
        MessageRow second = row(first.endpoint(), "b");
        append(first, Caps.DEFAULT);
        append(second, Caps.DEFAULT);

        assertThat(remove(first.endpoint(), first.message())).isEqualTo(1);
        assertThat(get(slots.dueAt(session, first.endpoint()))).isPositive();
        assertThat(remove(first.endpoint(), first.message(), second.message())).as("once").isEqualTo(1);

        assertThat(get(slots.dueAt(session, first.endpoint()))).isZero();
        assertThat(fetch(first.endpoint())).isEqualTo(Looked.EMPTY);
    }

    @Test
    void leasesADueEndpointWithADoublingBackoff() throws Exception {
        MessageRow row = row(++endpoints, "a");
        long endpoint = row.endpoint();
        append(row, Caps.DEFAULT);
        assertThat(get(inbox.lease(session, endpoint))).as("not due yet").isZero();
        clock.advance(Duration.ofSeconds(20));

        long first = get(inbox.lease(session, endpoint));
        assertThat(first).isEqualTo(clock.wallMillis() + 20_000);
        assertThat(get(inbox.lease(session, endpoint))).as("leased by another").isZero();
        clock.advance(Duration.ofSeconds(20));
        assertThat(get(inbox.lease(session, endpoint))).isEqualTo(clock.wallMillis() + 40_000);
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMinutes(31));
            get(inbox.lease(session, endpoint));
        }
        assertThat(get(slots.dueAt(session, endpoint))).isEqualTo(clock.wallMillis() + 30 * 60_000);
    }

    @Test
    void settlesOnlyIfNothingWasAppendedSinceTheLease() throws Exception {
        MessageRow row = row(++endpoints, "a");
        long endpoint = row.endpoint();
        append(row, Caps.DEFAULT);
        clock.advance(Duration.ofSeconds(20));
        long lease = get(inbox.lease(session, endpoint));
        append(row(endpoint, "b"), Caps.DEFAULT);

        assertThat(get(inbox.settle(session, endpoint, lease))).isZero();
        assertThat(get(inbox.settle(session, endpoint, lease - 1))).isEqualTo(1);
        assertThat(get(slots.dueAt(session, endpoint))).isZero();
    }

    @Test
    void dropsTheDueEntryOfAnInboxThatIsNotThere() throws Exception {
        MessageRow row = row(++endpoints, "short");
        append(row, Caps.DEFAULT);
        get(session.<Long>command(commands -> commands.del(InboxKeys.inbox(row.endpoint()))));
        clock.advance(Duration.ofSeconds(20));

        assertThat(get(inbox.lease(session, row.endpoint()))).isEqualTo(-1);
        assertThat(get(slots.dueAt(session, row.endpoint()))).isZero();
    }

    @Test
    void givesWhatFitsByIdAndNamesWhatHasExpired() throws Exception {
        long endpoint = ++endpoints;
        MessageRow dead = expiring(endpoint, Duration.ofSeconds(5));
        append(dead, Caps.DEFAULT);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            MessageRow row = row(endpoint, "z".repeat(1_000));
            ids.add(row.message());
            append(row, Caps.DEFAULT);
        }
        clock.advance(Duration.ofSeconds(6));

        Looked eight = get(inbox.fetch(session, endpoint, List.of(), 8, 64 << 10));
        Looked byBytes = get(inbox.fetch(session, endpoint, ids.subList(0, 2), 8, 3_100));
        Looked sweep = get(inbox.fetch(session, endpoint, List.of(), 0, 0));

        assertThat(eight.messages()).extracting(Looked.Waiting::message).isEqualTo(ids.subList(0, 8));
        assertThat(eight.more()).isTrue();
        assertThat(eight.expired()).containsExactly(dead.message());
        assertThat(byBytes.messages()).extracting(Looked.Waiting::message).isEqualTo(ids.subList(2, 5));
        assertThat(byBytes.more()).isTrue();
        assertThat(sweep.messages()).isEmpty();
        assertThat(sweep.expired()).containsExactly(dead.message());
    }

    @Test
    void movesTheMarkOnlyOnTheDataSetThatARepairHasMarked() throws Exception {
        long endpoint = ++endpoints;
        int slot = Slots.of(endpoint);
        append(row(endpoint, "a"), Caps.DEFAULT);
        assertThat(get(slots.mark(session, slot))).as("never repaired").isNull();

        get(slots.setMark(session, slot));
        clock.advance(Duration.ofSeconds(7));
        get(inbox.append(session, row(endpoint, "by repair"), Caps.DEFAULT, true));
        long repaired = get(slots.mark(session, slot)).at();
        append(row(endpoint, "b"), Caps.DEFAULT);

        assertThat(repaired).isEqualTo(clock.wallMillis() - 7_000);
        assertThat(get(slots.mark(session, slot))).isEqualTo(
                new SlotKeys.Mark(session.replicationId(), clock.wallMillis()));
    }

    @Test
    void namesTheUnreadMessageOfTheSameKeyUntilItIsRemovedAndNeverGivesIt() throws Exception {
        long endpoint = ++endpoints;
        MessageRow first = keyed(endpoint, "a", 7);
        MessageRow other = keyed(endpoint, "b", 8);
        MessageRow second = keyed(endpoint, "c", 7);
        assertThat(append(first, Caps.DEFAULT).collapsed()).isEmpty();
        assertThat(append(other, Caps.DEFAULT).collapsed()).as("another key").isEmpty();

        Appended appended = append(second, Caps.DEFAULT);

        var pair = new Collapse(first.message(), second.message());
        assertThat(appended.collapsed()).containsExactly(pair);
        assertThat(appended.collapsedBy(second.message())).isEqualTo(first.message());
        assertThat(ids(fetch(endpoint))).containsExactly(other.message(), second.message());
        assertThat(fetch(endpoint).collapsed()).containsExactly(pair);
        assertThat(append(second, Caps.DEFAULT).collapsed()).as("whose caller died").containsExactly(pair);
        assertThat(append(row(endpoint, "d"), Caps.DEFAULT).collapsed()).containsExactly(pair);

        remove(endpoint, first.message());

        assertThat(fetch(endpoint).collapsed()).isEmpty();
        assertThat(append(row(endpoint, "e"), Caps.DEFAULT).collapsed()).isEmpty();
    }

    @Test
    void neverCollapsesANewerMessageByAnOlderOne() throws Exception {
        long endpoint = ++endpoints;
        MessageRow older = keyed(endpoint, "older", 7);
        MessageRow newer = keyed(endpoint, "newer", 7);
        append(newer, Caps.DEFAULT);

        Appended late = append(older, Caps.DEFAULT);

        assertThat(late.verdict()).isEqualTo(Verdict.COLLAPSED);
        assertThat(late.collapsed()).containsExactly(new Collapse(older.message(), newer.message()));
        assertThat(ids(fetch(endpoint))).containsExactly(newer.message());
    }

    @Test
    void forgetsTheKeysOfMessagesThatLeft() throws Exception {
        long endpoint = ++endpoints;
        MessageRow stays = row(endpoint, "stays");
        append(stays, Caps.DEFAULT);
        List<Long> ids = new ArrayList<>();
        for (int key = 1; key <= 20; key++) {
            MessageRow row = keyed(endpoint, "k", key);
            ids.add(row.message());
            append(row, Caps.DEFAULT);
        }
        MessageRow again = keyed(endpoint, "again", 20);
        append(again, Caps.DEFAULT);
        assertThat(fields(endpoint)).filteredOn(name -> name.startsWith("k")).hasSize(20);

        remove(endpoint, ids.toArray(Long[]::new));
        assertThat(fields(endpoint)).filteredOn(name -> name.startsWith("k")).as("the newest of its key is there")
                .hasSize(1);
        remove(endpoint, again.message());

        assertThat(fields(endpoint)).noneMatch(name -> name.startsWith("k") || name.startsWith("!x")
                || name.startsWith("!v"));
        assertThat(ids(fetch(endpoint))).containsExactly(stays.message());
        assertThat(append(keyed(endpoint, "new", 20), Caps.DEFAULT).collapsed()).isEmpty();
    }

    @Test
    void doesNotCountWhatIsCollapsedAgainstTheCap() throws Exception {
        long endpoint = ++endpoints;
        var caps = new Caps(2, 10_000, Caps.Overflow.REJECT_NEW);
        append(row(endpoint, "kept"), caps);
        append(keyed(endpoint, "first", 7), caps);

        assertThat(append(keyed(endpoint, "second", 7), caps).verdict()).isEqualTo(Verdict.ADDED);
        assertThat(append(row(endpoint, "one more"), caps).verdict()).isEqualTo(Verdict.FULL);
    }

    @Test
    void letsMessagesWithACollapseKeyGoFirstWhenTheAppWantsThat() throws Exception {
        long endpoint = ++endpoints;
        var caps = new Caps(3, 10_000, Caps.Overflow.COLLAPSE);
        MessageRow plain = row(endpoint, "plain");
        MessageRow key1 = keyed(endpoint, "1", 1);
        MessageRow key2 = keyed(endpoint, "2", 2);
        append(plain, caps);
        append(key1, caps);
        append(key2, caps);

        assertThat(append(row(endpoint, "x"), caps).victims()).containsExactly(key1.message());
        assertThat(append(row(endpoint, "y"), caps).victims()).containsExactly(key2.message());
        clock.advance(Duration.ofSeconds(2));
        assertThat(append(row(endpoint, "z"), caps).victims()).containsExactly(key1.message(), key2.message(),
                plain.message());
    }

    @Test
    void looksAfterAnUrgentMessageInTimeThoughALazyOneWasThereFirst() throws Exception {
        long endpoint = ++endpoints;
        get(inbox.append(session, row(endpoint, "lazy"), Caps.DEFAULT, false, Duration.ofMinutes(10)));
        assertThat(get(slots.dueAt(session, endpoint))).isEqualTo(clock.wallMillis() + 600_000);

        append(row(endpoint, "normal"), Caps.DEFAULT);
        assertThat(get(slots.dueAt(session, endpoint))).isEqualTo(clock.wallMillis() + 20_000);

        clock.advance(Duration.ofSeconds(20));
        get(inbox.lease(session, endpoint));
        clock.advance(Duration.ofSeconds(20));
        long lease = get(inbox.lease(session, endpoint));
        append(row(endpoint, "another"), Caps.DEFAULT);
        assertThat(get(slots.dueAt(session, endpoint))).as("a leased entry is only lowered").isEqualTo(lease - 1);
    }

    @Test
    void keepsTheMarkerOfAParkedInboxAsLongAsTheLongestLivedMessageThatIsParked() throws Exception {
        long endpoint = ++endpoints;
        append(row(endpoint, "long", Duration.ofDays(20)), Caps.DEFAULT);
        assertThat(get(inbox.park(session, endpoint, Duration.ZERO))).isOne();
        MessageRow brief = row(endpoint, "brief", Duration.ofHours(1));

        append(brief, Caps.DEFAULT);
        assertThat(left(endpoint)).as("after an append").isGreaterThan(Duration.ofDays(19));
        clock.advance(Duration.ofSeconds(20));
        get(inbox.settle(session, endpoint, get(inbox.lease(session, endpoint))));
        remove(endpoint, brief.message());

        assertThat(left(endpoint)).as("after its end").isGreaterThan(Duration.ofDays(19));
        assertThat(fetch(endpoint).parked()).isTrue();
    }

    private Duration left(long endpoint) throws Exception {
        return Duration.ofMillis(get(session.<Long>command(commands -> commands.pttl(InboxKeys.inbox(endpoint)))));
    }

    @Test
    void keepsAnInboxCompact() throws Exception {
        long endpoint = ++endpoints;
        append(row(endpoint, "q".repeat(256)), Caps.DEFAULT);

        long bytes = get(session.<Long>command(commands -> commands.memoryUsage(InboxKeys.inbox(endpoint))));

        assertThat(bytes).isLessThan(480);
    }

    @Test
    void failsWhatABrokenSessionWasAskedAndMakesANewOne() throws Exception {
        RedisSession before = session;
        redis.kill();
        assertThat(inbox.fetch(before, 1, List.of(), 1, 1)).failsWithin(Duration.ofSeconds(6));
        redis.restart();

        session = await().until(() -> nodes.session(0), found -> found != null);

        assertThat(session).isNotSameAs(before);
        assertThat(session.replicationId()).isNotEqualTo(before.replicationId());
        assertThat(inbox.fetch(before, 1, List.of(), 1, 1)).failsWithin(Duration.ofSeconds(1));
    }

    private MessageRow keyed(long endpoint, String text, long key) {
        MessageRow row = row(endpoint, text);
        return new MessageRow(row.key(), row.app(), row.kind(), row.expireAt(), row.storedAt(), row.body(), key);
    }

    private List<String> fields(long endpoint) throws Exception {
        return get(session.<List<byte[]>>command(commands -> commands.hkeys(InboxKeys.inbox(endpoint)))).stream()
                .map(name -> new String(name, java.nio.charset.StandardCharsets.ISO_8859_1)).toList();
    }

    private MessageRow expiring(long endpoint, Duration ttl) {
        return row(endpoint, "dying", ttl);
    }
}
