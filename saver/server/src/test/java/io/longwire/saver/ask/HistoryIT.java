package io.longwire.saver.ask;

import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.HistoryRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Timeline;
import io.longwire.saver.Bench;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** What an endpoint was sent, wherever the ledger keeps it by now. */
final class HistoryIT {
    private static final Duration DAYS = Duration.ofDays(5);

    private Bench bench;
    private Timelines timelines;
    private long endpoint;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        timelines = new Timelines(new Timelines.Parts(bench.shards, bench.calls, bench.redis, bench.cold,
                bench.endings, bench.clock));
        endpoint = bench.newEndpoint();
        bench.accept(bench.newEndpoint(), "for another one", DAYS);
    }

    @AfterEach
    void stop() {
        timelines.close();
        bench.close();
    }

    @Test
    void tellsWhatWaitsAndHowTheOthersEnded() throws Exception {
        long acked = bench.accept(endpoint, "acked", DAYS);
        long cancelled = bench.accept(endpoint, "cancelled", DAYS);
        long waits = bench.accept(endpoint, "waits", DAYS);
        bench.ack(endpoint, acked);
        get(timelines.cancel(CancelRequest.newBuilder().setAppId(bench.app).setEndpointId(endpoint)
                .setMessageId(cancelled).setCode(1).build()));

        History history = history(0, 0);

        assertThat(told(history)).containsExactly(tuple(waits, How.NONE, 0), tuple(cancelled, How.CANCELLED, 1),
                tuple(acked, How.ACKED, 0));
        assertThat(history.getMore()).isFalse();
        long now = bench.clock.wallMillis();
        assertThat(history.getMessages(0).getState()).isEqualTo(Timeline.State.WAITING);
        assertThat(history.getMessages(0).getExpireAtMs()).isEqualTo(now + DAYS.toMillis());
        assertThat(history.getMessages(0).getAcceptedMs()).isEqualTo(now);
        assertThat(history.getMessages(2).getState()).isEqualTo(Timeline.State.ENDED);
        assertThat(history.getMessages(2).getEndedMs()).isEqualTo(now);
    }

    @Test
    void isReadPageByPage() throws Exception {
        var sent = new ArrayList<Long>();
        for (int i = 0; i < 7; i++) {
            sent.addFirst(bench.accept(endpoint, "m" + i, DAYS));
            if (i % 2 == 0) { // their ends are not among the newest of all ends
                bench.ack(endpoint, sent.getFirst());
            }
        }

        History first = history(0, 3);
        History second = history(sent.get(2), 3);
        History last = history(sent.get(5), 3);

        assertThat(ids(first)).isEqualTo(sent.subList(0, 3));
        assertThat(ids(second)).isEqualTo(sent.subList(3, 6));
        assertThat(ids(last)).isEqualTo(sent.subList(6, 7));
        assertThat(List.of(first.getMore(), second.getMore(), last.getMore())).containsExactly(true, true, false);
        for (History page : List.of(first, second, last)) {
            assertThat(page.getMessagesList()).allMatch(message -> (message.getHow() == How.ACKED) == (sent
                    .indexOf(message.getMessageId()) % 2 == 0));
        }
    }

    @Test
    void outlivesTheRowsOfTheMessagesForSevenDays() throws Exception {
        long acked = bench.accept(endpoint, "acked", DAYS);
        long late = bench.accept(endpoint, "acked late", DAYS);
        long waits = bench.accept(endpoint, "waits", Duration.ofDays(20));
        bench.ack(endpoint, acked);
        old(Duration.ofHours(4));
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log")).isZero();
        assertThat(told(history(0, 0))).containsExactly(tuple(waits, How.NONE, 0), tuple(late, How.NONE, 0),
                tuple(acked, How.ACKED, 0));

        old(Duration.ofHours(22));
        bench.ack(endpoint, late);

        assertThat(bench.count("SELECT COUNT(*) FROM msg_cold WHERE how > 0")).isOne();
        assertThat(told(history(0, 0))).containsExactly(tuple(waits, How.NONE, 0), tuple(late, How.ACKED, 0),
                tuple(acked, How.ACKED, 0));
        old(Duration.ofDays(6));
        assertThat(told(history(0, 0))).isEmpty();
    }

    @Test
    void endsWhatItMeetsExpired() throws Exception {
        long expired = bench.accept(endpoint, "expired", Duration.ofMinutes(5));
        bench.pass(Duration.ofMinutes(6));

        assertThat(told(history(0, 0))).containsExactly(tuple(expired, How.EXPIRED, 0));

        assertThat(bench.count("SELECT how FROM end_log WHERE msg_id = " + expired)).isEqualTo(How.EXPIRED_VALUE);
    }

    private History history(long before, int limit) throws Exception {
        return get(timelines.history(HistoryRequest.newBuilder().setEndpointId(endpoint).setBefore(before)
                .setLimit(limit).build()));
    }

    private static List<Long> ids(History history) {
        return history.getMessagesList().stream().map(Timeline::getMessageId).toList();
    }

    private static List<Tuple> told(History history) {
        return history.getMessagesList().stream()
                .map(each -> tuple(each.getMessageId(), each.getHow(), each.getCode())).toList();
    }

    private void old(Duration time) throws Exception {
        bench.pass(time);
        bench.partitions.round();
        bench.cold.refresh();
    }
}
