package io.longwire.keeper.server.config;

import io.longwire.rpc.keeper.RolloutLimits;
import io.longwire.rpc.keeper.Signals;
import io.longwire.rpc.keeper.Watched;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class JudgeTest {
    private static final long SECOND = 1_000;
    private static final long LEAST = 10 * SECOND;

    @Test
    void complainsOfMoreErrorsThanBefore() {
        var before = signals(1_000, 10);

        assertThat(verdict(before, signals(1_100, 40))).hasValue(
                "room-0: 30.0 % of 100 calls failed (expected: at most 2.0 % above the 1.0 % of before)");
        assertThat(verdict(before, signals(1_100, 11))).as("as before").isEmpty();
        assertThat(verdict(signals(1_000, 300), signals(1_100, 330))).as("as bad as before").isEmpty();
    }

    @Test
    void wantsMoreThanAFewFailures() {
        assertThat(verdict(signals(1_000, 0), signals(1_004, 4))).isEmpty();
        assertThat(verdict(signals(1_000, 0), signals(1_000, 5))).as("failures without any work").isPresent();
    }

    @Test
    void complainsOfLostConnections() {
        Signals told = Signals.newBuilder().setOpen(1_000).build();
        Signals now = Signals.newBuilder().setOpen(1_000).setDisconnects(20).build();
        Signals calm = Signals.newBuilder().setOpen(1_000).setDisconnects(6).build();

        assertThat(verdict(told, now)).hasValueSatisfying(text -> assertThat(text).startsWith(
                "room-0: lost 12.0 % of its connections a minute (expected: at most 5.0 %"));
        assertThat(verdict(told, calm)).isEmpty();
    }

    @Test
    void countsTimeByTheProcesssOwnClock() {
        Signals told = Signals.newBuilder().setOpen(1_000).setUptimeMs(50_000).build();
        Signals now = Signals.newBuilder().setOpen(1_000).setDisconnects(6).setUptimeMs(60_000).build();
        var byAnotherKeeper = Watched.newBuilder().setInstance("room-0").setTold(told).setToldMs(22 * SECOND).build();

        assertThat(Judge.verdict(List.of(new Judge.Seen(byAnotherKeeper, now, 20 * SECOND)), Judge.USUAL, LEAST))
                .as("6 of 1000 in 10 s; by the clocks of keepers it was less than none").isEmpty();
    }

    @Test
    void complainsOfASlowTail() {
        Signals told = times(1_000, 0);
        Signals slow = times(1_000, 100);
        Signals same = times(1_100, 0);

        assertThat(verdict(told, slow)).hasValueSatisfying(text -> assertThat(text).startsWith("room-0: p99 is")
                .contains("at most 2.0 times the 10 ms"));
        assertThat(verdict(told, same)).isEmpty();
    }

    @Test
    void judgesManyTogetherSoThatOneBadSecondIsNotEverybodysRollback() {
        var bad = seen("room-0", signals(1_000, 0), signals(1_100, 10));
        var fine = seen("room-1", signals(1_000, 0), signals(1_100, 0));
        var many = new ArrayList<>(Collections.nCopies(20, fine));
        many.add(bad);

        assertThat(Judge.verdict(List.of(bad, fine), Judge.USUAL, LEAST)).isPresent();
        assertThat(Judge.verdict(many, Judge.USUAL, LEAST)).isEmpty();
        assertThat(Judge.verdict(Collections.nCopies(21, bad), Judge.USUAL, LEAST)).hasValueSatisfying(
                text -> assertThat(text).startsWith("21 processes: 10.0 % of 2100 calls failed"));
    }

    @Test
    void takesNoHalfSecondForAMinute() {
        Signals told = Signals.newBuilder().setOpen(10_000).setDisconnects(83).setUptimeMs(11_000).build();
        Signals soon = told.toBuilder().setDisconnects(92).setUptimeMs(11_500).build();
        Signals later = told.toBuilder().setDisconnects(83 + 180).setUptimeMs(21_000).build();

        assertThat(verdict(told, soon)).as("9 in half a second, 83 in the 10 s before").isEmpty();
        assertThat(verdict(told, later)).as("as many for 10 s").isPresent();
    }

    @Test
    void takesOnePauseForNoTail() {
        Signals told = times(5_000, 0).toBuilder().setUptimeMs(11_000).build();
        Signals soon = times(5_235, 15).toBuilder().setUptimeMs(11_500).build();
        Signals later = times(5_235, 15).toBuilder().setUptimeMs(21_000).build();
        Signals fewer = times(5_050, 4).toBuilder().setUptimeMs(21_000).build();

        assertThat(verdict(told, soon)).as("all in one pause").isEmpty();
        assertThat(verdict(told, later)).as("a share of ten seconds").isPresent();
        assertThat(verdict(told, fewer)).as("four slow ones").isEmpty();
    }

    @Test
    void countsFailuresAtOnce() {
        Signals told = signals(1_000, 0).toBuilder().setUptimeMs(11_000).build();
        Signals soon = signals(1_100, 50).toBuilder().setUptimeMs(11_500).build();

        assertThat(verdict(told, soon)).isPresent();
    }

    @Test
    void measuresLostConnectionsByEachProcesssOwnTime() {
        var early = lost("room-0", 900, 0);
        var late = lost("room-1", 10, 200);
        var all = new ArrayList<>(Collections.nCopies(5, early));
        all.addAll(Collections.nCopies(15, late));

        assertThat(Judge.verdict(all, Judge.USUAL, LEAST)).hasValueSatisfying(
                text -> assertThat(text).startsWith("20 processes: lost 90.0 % of its connections a minute"));
    }

    private static Judge.Seen lost(String name, long seconds, long lost) {
        Signals told = Signals.newBuilder().setOpen(1_000).setUptimeMs(11 * SECOND).build();
        return seen(name, told, told.toBuilder().setDisconnects(lost).setUptimeMs((11 + seconds) * SECOND).build());
    }

    @Test
    void takesTheUsualLimitsWhereNoneIsGiven() {
        RolloutLimits limits = Judge.orUsual(RolloutLimits.newBuilder().setErrorRatio(0.5).build());

        assertThat(limits.getErrorRatio()).isEqualTo(0.5);
        assertThat(limits.getDisconnectRatio()).isEqualTo(Judge.USUAL.getDisconnectRatio());
        assertThat(limits.getP99Factor()).isEqualTo(2);
    }

    private static Optional<String> verdict(Signals told, Signals now) {
        return Judge.verdict(List.of(seen("room-0", told, now)), Judge.USUAL, LEAST);
    }

    // It began to count 10 s before it was told, and has had the version for 10 s.
    private static Judge.Seen seen(String name, Signals told, Signals now) {
        var watched = Watched.newBuilder().setInstance(name)
                .setFirst(Signals.newBuilder().setUptimeMs(told.getUptimeMs() > 0 ? SECOND : 0)).setFirstMs(0)
                .setTold(told).setToldMs(10 * SECOND).build();
        return new Judge.Seen(watched, now, 20 * SECOND);
    }

    private static Signals signals(long work, long failures) {
        return Signals.newBuilder().setWork(work).setFailures(failures).build();
    }

    private static Signals times(long fast, long slow) {
        return Signals.newBuilder().addAllBoundsSeconds(List.of(0.01, 0.1, 1.0)).addAllCounts(List.of(fast, 0L, slow,
                0L)).build();
    }
}
