package io.longwire.saver.partition;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class PartitionsTest {
    private static final long NOW = Instant.parse("2026-11-20T10:47:00Z").toEpochMilli();
    private static final long STEP = LedgerTable.MSG_LOG.stepMillis();

    @Test
    void reachesFromNowToADayAhead() {
        List<Long> bounds = Partitions.missing(LedgerTable.MSG_LOG, 0, NOW);

        assertThat(bounds.getFirst()).isEqualTo(Instant.parse("2026-11-20T11:00:00Z").toEpochMilli());
        assertThat(bounds.getLast()).isGreaterThanOrEqualTo(NOW + Duration.ofHours(24).toMillis());
        assertThat(bounds).hasSize(49).allMatch(bound -> bound % STEP == 0);
    }

    @Test
    void addsOnlyBehindTheLast() {
        List<Long> all = Partitions.missing(LedgerTable.MSG_LOG, 0, NOW);

        assertThat(Partitions.missing(LedgerTable.MSG_LOG, all.getLast(), NOW)).isEmpty();
        assertThat(Partitions.missing(LedgerTable.MSG_LOG, all.getLast(), NOW + STEP))
                .containsExactly(all.getLast() + STEP);
    }

    @Test
    void closesTheGapOfALongSleepWithOnePartition() {
        assertThat(Partitions.missing(LedgerTable.MSG_LOG, NOW - Duration.ofDays(3).toMillis(), NOW).getFirst())
                .isEqualTo(Instant.parse("2026-11-20T11:00:00Z").toEpochMilli());
    }

    @Test
    void isOldThreeHoursPastItsUpperBound() {
        var part = new Partition(LedgerTable.MSG_LOG, "p1", io.longwire.device.id.MessageId.firstOf(NOW));

        assertThat(part.old(NOW + Duration.ofHours(3).toMillis() - 1)).isFalse();
        assertThat(part.old(NOW + Duration.ofHours(3).toMillis())).isTrue();
        assertThat(new Partition(LedgerTable.MSG_LOG, Partition.FIRST, 1).old(NOW)).isFalse();
    }
}
