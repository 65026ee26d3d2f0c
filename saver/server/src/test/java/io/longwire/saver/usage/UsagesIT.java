package io.longwire.saver.usage;

import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.account.Apps;
import io.longwire.saver.due.WorkedSlots;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class UsagesIT {
    private Bench bench;
    private Apps apps;
    private UsageTable table;
    private Usages one;
    private Usages other;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        apps = new Apps(bench.shard, bench.clock);
        table = new UsageTable(bench.shard);
        one = new Usages(apps, table, bench.clock, bench.metrics);
        other = new Usages(apps, table, bench.clock, bench.metrics);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void admitsNoMoreThanTheQuotaOverAllSavers() throws Exception {
        quota(10, 0);
        for (int i = 0; i < 6; i++) {
            one.stored(bench.app, 100);
            other.stored(bench.app, 100);
        }
        assertThat(one.admits(bench.app)).as("has only seen its own").isTrue();
        other.round();
        one.round();

        assertThat(one.admits(bench.app)).isFalse();
        assertThat(table.get(bench.app).getStoredMessages()).isEqualTo(12);
        assertThat(table.get(bench.app).getStoredBytes()).isEqualTo(1_200);

        for (int i = 0; i < 3; i++) {
            other.ended(bench.app, 100);
        }
        other.round();
        one.round();
        assertThat(one.admits(bench.app)).isTrue();
    }

    @Test
    void countsBytesAndItsOwnDeltasAtOnce() throws Exception {
        quota(0, 1_000);
        one.round();
        one.stored(bench.app, 999);
        assertThat(one.admits(bench.app)).isTrue();

        one.stored(bench.app, 1);

        assertThat(one.admits(bench.app)).isFalse();
        one.ended(bench.app, 1);
        assertThat(one.admits(bench.app)).isTrue();
    }

    @Test
    void admitsEverythingWithoutAQuota() {
        one.stored(bench.app, 1 << 30);

        assertThat(one.admits(bench.app)).isTrue();
        assertThat(one.admits(999)).as("an app that is not known here").isTrue();
    }

    @Test
    void recountsWhatLivesOnceAnHour() throws Exception {
        bench.warm();
        one.stored(bench.app, 5_000_000); // of a saver that died before it told of the end
        one.round();
        long endpoint = bench.newEndpoint();
        bench.accept(endpoint, "12345", Duration.ofDays(1));
        bench.accept(endpoint, "1234567", Duration.ofDays(1));
        try (var worked = new WorkedSlots(bench.cluster);
                var rounds = new Recount(worked, bench.shards, table, bench.clock, bench.metrics).start()) {
            bench.clock.advance(Duration.ofMinutes(1));

            await().until(() -> table.get(bench.app).getStoredMessages() == 2);
            assertThat(table.get(bench.app).getStoredBytes()).isEqualTo(12);
            assertThat(table.get(bench.app).getCountedMs()).isPositive();
            long recounted = table.lastRecount();
            one.stored(bench.app, 100);
            one.round();
            rounds.runOnce();
            assertThat(table.lastRecount()).as("an hour has not passed").isEqualTo(recounted);
            assertThat(table.get(bench.app).getStoredMessages()).isEqualTo(3);

            bench.clock.advance(Duration.ofMinutes(61));
            await().until(() -> {
                rounds.runOnce();
                return table.get(bench.app).getStoredMessages() == 2;
            });
        }
    }

    private void quota(long messages, long bytes) throws Exception {
        apps.update(UpdateAppRequest.newBuilder().addMask("stored_messages").addMask("stored_bytes")
                .setApp(AppRecord.newBuilder().setAppId(bench.app).setStoredMessages(messages).setStoredBytes(bytes))
                .build());
    }
}
