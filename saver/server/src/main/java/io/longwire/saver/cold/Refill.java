package io.longwire.saver.cold;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.How;
import io.longwire.saver.account.Apps;
import io.longwire.saver.due.Reach;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.Appended;
import io.longwire.saver.inbox.Caps;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Puts pages of the ledger back into inboxes. Blocks; fails with StoreFailure when anything was not confirmed. */
final class Refill {
    private static final int MAX_TURNS = 50;

    private final Inbox inbox;
    private final Apps apps;
    private final Endings endings;
    private final Reach reach;
    private final Metrics.Counter messages;

    Refill(Clock clock, Apps apps, Endings endings, Reach reach, Metrics metrics) {
        this.inbox = new Inbox(clock);
        this.apps = apps;
        this.endings = endings;
        this.reach = reach;
        this.messages = metrics.counter(SaverMetric.REPAIRED_MESSAGES);
    }

    /**
     * Appends a page; what overflows is ended; what ended meanwhile is removed again; then the endpoints that got
     * something are looked up, as whoever makes a message visible must.
     */
    void put(RedisSession session, Connection ledger, List<MessageRow> page) throws SQLException {
        Set<Long> added = new LinkedHashSet<>();
        List<MessageRow> rest = page;
        for (int turn = 0; !rest.isEmpty(); turn++) {
            if (turn == MAX_TURNS) {
                throw new StoreFailure(StoreFailure.Kind.BUSY, "repair: an inbox stays full");
            }
            rest = append(session, rest, added);
        }
        for (MessageKey ended : LedgerPages.ended(ledger, page)) {
            inbox.remove(session, ended.endpoint(), List.of(ended.message()), false).join();
        }
        join(added.stream().map(reach::reach).toList());
        messages.add(page.size());
    }

    // Answers the rows that did not fit before their inbox's victims were ended.
    private List<MessageRow> append(RedisSession session, List<MessageRow> rows, Set<Long> added) {
        List<CompletableFuture<Appended>> answers = rows.stream()
                .map(row -> inbox.append(session, row, caps(row), true)).toList();
        join(answers);
        var again = new ArrayList<MessageRow>();
        var ends = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < rows.size(); i++) {
            MessageRow row = rows.get(i);
            Appended answer = answers.get(i).join();
            switch (answer.verdict()) {
                case ADDED -> added.add(row.endpoint());
                case THERE -> { // by an earlier attempt
                }
                case GONE -> ends.add(endings.endAll(row.endpoint(), List.of(row.message()), How.DELETED));
                case FULL, TWICE_FULL -> again.add(row);
                case COLLAPSED -> { // ended below
                }
            }
            ends.add(endings.endAll(row.endpoint(), answer.victims(), How.OVERFLOWED));
            ends.add(endings.collapse(row.endpoint(), answer.collapsed()));
        }
        join(ends);
        return again;
    }

    // Accepted messages of an app that refuses new ones are kept, whatever the cap: they are not new.
    private Caps caps(MessageRow row) {
        Caps caps = apps.caps(row.app());
        return caps.overflow() == Caps.Overflow.REJECT_NEW
                ? new Caps(Integer.MAX_VALUE / 4, Integer.MAX_VALUE / 4, Caps.Overflow.DROP_OLDEST)
                : caps;
    }

    private static void join(List<? extends CompletableFuture<?>> futures) {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failed) {
            throw StoreFailure.of(failed);
        }
    }
}
