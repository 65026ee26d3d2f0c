package io.longwire.saver.keep;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.saver.Bench;
import io.longwire.saver.audit.AuditLog;
import io.longwire.saver.head.Heads;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Months in seconds: the clock is the test's. */
final class RetentionIT {
    private Bench bench;
    private Retention retention;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        retention = new Retention(bench.shards, database -> { // knows nothing of the test's months
        }, bench.clock, bench.metrics);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void keepsEachKindOfRowForItsTime() throws Exception {
        long now = bench.clock.wallMillis();
        try (var heads = new Heads(bench.shards, bench.clock, bench.metrics)) {
            get(heads.put(head(1, now + Duration.ofDays(1).toMillis())));
            get(heads.put(head(2, now + Duration.ofDays(30).toMillis())));
        }
        new AuditLog(bench.shard, bench.clock)
                .add(AuditRecord.newBuilder().setActor("admin").setAction("app.create").build());
        bench.execute("INSERT INTO receipt (app, seq, ep, msg_id, kind, code, at, stored_at)"
                + " VALUES (1, 1, 1, 1, 1, 0, 0, " + now + ")");
        bench.execute("INSERT INTO schedule VALUES (1, 1, 3, '', '', 0, '', 0, 0, 0, 0, '', 0, '', 1, 0, '', " + now
                + "), (2, 1, 1, '', '', 0, '', 0, 0, 0, 0, '', 0, '', 1, 0, '', " + now + ")");

        left(Duration.ofDays(6), 2, 1, 1, 2);
        left(Duration.ofDays(2), 2, 0, 1, 2);
        left(Duration.ofDays(2), 1, 0, 1, 2);
        left(Duration.ofDays(21), 1, 0, 1, 1); // the active schedule stays
        left(Duration.ofDays(8), 0, 0, 1, 1);
        left(Duration.ofDays(360), 0, 0, 1, 1);
        left(Duration.ofDays(2), 0, 0, 0, 1);
    }

    @Test
    void readsAPayloadOnceAndFailsWithoutOne() throws Exception {
        try (var heads = new Heads(bench.shards, bench.clock, bench.metrics);
                var other = new Heads(bench.shards, bench.clock, bench.metrics)) {
            get(heads.put(head(5, bench.clock.wallMillis() + 1_000)));

            assertThat(get(other.payload(1, 5)).toStringUtf8()).isEqualTo("payload");
            bench.execute("DELETE FROM msg_head");
            assertThat(get(other.payload(1, 5)).toStringUtf8()).as("cached").isEqualTo("payload");

            assertThatThrownBy(() -> get(other.payload(2, 5))).hasMessageContaining("head: 5 (expected: one with");
            assertThatThrownBy(() -> get(other.payload(1, 6))).hasMessageContaining("head: 6 (expected: one with");
        }
    }

    private void left(Duration later, int heads, int receipts, int audit, int schedules) throws Exception {
        bench.clock.advance(later);
        retention.round();
        assertThat(bench.count("SELECT COUNT(*) FROM msg_head")).isEqualTo(heads);
        assertThat(bench.count("SELECT COUNT(*) FROM receipt")).isEqualTo(receipts);
        assertThat(bench.count("SELECT COUNT(*) FROM audit")).isEqualTo(audit);
        assertThat(bench.count("SELECT COUNT(*) FROM schedule")).isEqualTo(schedules);
    }

    private static MessageHead head(long id, long expireAt) {
        return MessageHead.newBuilder().setAppId(1).setMessageId(id).setExpireAtMs(expireAt)
                .setPayload(ByteString.copyFromUtf8("payload")).build();
    }
}
