package io.longwire.saver.ask;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.saver.Bench;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

/** Half hours in seconds: the clock is the test's. */
final class LawRoundsIT {
    private Bench bench;
    private WorkedSlots worked;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        worked = new WorkedSlots(bench.cluster);
    }

    @AfterEach
    void stop() {
        worked.close();
        bench.close();
    }

    @Test
    void showsWhatAClosedHalfHourCameTo() throws Exception {
        long one = bench.newEndpoint();
        bench.accept(one, "lives", Duration.ofDays(1));
        long acked = bench.accept(one, "acked", Duration.ofDays(1));
        get(bench.endings.handle(EndItem.newBuilder().setEndpointId(one).setMessageId(acked).setAppId(bench.app)
                .setHow(How.ACKED).setAtMs(bench.clock.wallMillis()).build()));
        var rounds = new LawRounds(worked, bench.conservation, bench.cold, bench.clock, bench.metrics);
        rounds.round();
        assertThat(gauge(SaverMetric.LAW_ROWS)).as("still open").isZero();

        untilClosed(rounds);

        assertThat(gauge(SaverMetric.LAW_ROWS)).isEqualTo(2);
        assertThat(gauge(SaverMetric.LAW_LIVE)).isEqualTo(1);
        assertThat(gauge(SaverMetric.LAW_GAP)).isZero();
        assertThat(bench.metrics.counter(SaverMetric.LAW_ENDED, "how", "ACKED").count()).isEqualTo(1);
        assertThat(bench.metrics.counter(SaverMetric.CONSERVATION_GAP).count()).isZero();
    }

    /** A message that left its inbox without an end. */
    @Test
    void showsAMessageThatWasLostWithoutAReasonAndHasItServed() throws Exception {
        long endpoint = bench.newEndpoint();
        long lost = bench.newId();
        bench.execute("INSERT INTO msg_log (slot, ep, msg_id, app, kind, expire_at, stored_at, body) VALUES ("
                + Slots.of(endpoint) + ", " + endpoint + ", " + lost + ", " + bench.app + ", 0, "
                + (bench.clock.wallMillis() + Duration.ofDays(1).toMillis()) + ", 0, 'lost')");
        var rounds = new LawRounds(worked, bench.conservation, bench.cold, bench.clock, bench.metrics);
        untilClosed(rounds);

        assertThat(gauge(SaverMetric.LAW_HIDDEN)).isEqualTo(1);
        assertThat(gauge(SaverMetric.LAW_LIVE)).isEqualTo(1);
        bench.cold.refresh();
        assertThat(bench.waiting(endpoint)).as("by the ledger").containsExactly(lost);
        bench.warm();
        assertThat(bench.waiting(endpoint)).as("in the inbox").containsExactly(lost);
    }

    // The next half hour, which is empty, would close half an hour later.
    private void untilClosed(LawRounds rounds) throws Exception {
        for (int minute = 0; minute < 52 && gauge(SaverMetric.LAW_ROWS) == 0; minute++) {
            bench.pass(Duration.ofMinutes(1));
            rounds.round();
        }
    }

    private double gauge(SaverMetric metric) {
        return bench.metrics.scrape().lines().filter(line -> line.startsWith("longwire_" + metric.id() + " "))
                .mapToDouble(
                        line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
