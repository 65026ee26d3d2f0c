package io.longwire.cli.product;

import io.longwire.center.client.BroadcastState;
import io.longwire.center.client.BroadcastState.Counts;
import io.longwire.center.client.BroadcastState.Estimate;
import io.longwire.rpc.audience.Audience;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressLinesTest {
    private static final Counts HALF = new Counts(1_000_000, 500_000, 400_000, 300, 20, 4, 70, 12,
            Map.of("decrypt_failed", 2L, "app_missing", 30L), 9);
    private static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0);

    @Test
    void aTerminalHasOneLineThatIsWrittenAnew() {
        var lines = new ProgressLines(true);

        assertThat(lines.next(state("running", "", 50, HALF)))
                .isEqualTo("\r\u001b[K[============            ] 50.0% all, "
                        + "500,000 written (49,871/s, ETA 2m 5s), 400,000 acked, 12 left to cursor, 30 app_missing, "
                        + "2 decrypt_failed, 1/3 rooms");
        assertThat(lines.next(state("running", "", 50, HALF))).isEmpty();
        assertThat(lines.next(state("paused", "", 50, HALF)))
                .isEqualTo("\r\u001b[K[============            ] 50.0% paused all, "
                        + "500,000 written, 400,000 acked, 12 left to cursor, 30 app_missing, 2 decrypt_failed, "
                        + "1/3 rooms");
        assertThat(lines.end()).isEqualTo(System.lineSeparator());
    }

    @Test
    void elsewhereEachChangeIsALine() {
        var lines = new ProgressLines(false);

        assertThat(lines.next(state("held", "", 0, NONE)))
                .isEqualTo("held all 0.0%, 0 written, 0 acked, 1/3 rooms" + System.lineSeparator());
        assertThat(lines.next(state("held", "", 0, NONE))).isEmpty();
        assertThat(lines.next(state("running", "", 99.96, NONE))).startsWith("running all 100.0%, ");
        assertThat(lines.end()).isEmpty();
    }

    @Test
    void theBarIsNeitherLongerNorShorterThanItself() {
        assertThat(BroadcastText.bar(state("running", "", 0, NONE))).startsWith("[" + " ".repeat(24) + "]");
        assertThat(BroadcastText.bar(state("walked", "", 100, NONE))).startsWith("[" + "=".repeat(24) + "]");
        assertThat(BroadcastText.bar(state("walked", "", 130, NONE))).startsWith("[" + "=".repeat(24) + "]");
    }

    @Test
    void saysWhenTheProductsBackendMakesItSlower() {
        var counts = new Counts(0, 240, 200, 0, 0, 0, 0, 0, Map.of(), 0);
        var state = new BroadcastState("0123456789ABC", "running", "all", "", 2, "", Audience.getDefaultInstance(),
                Instant.EPOCH, Instant.EPOCH, counts, 12, 118.4, null, 3, 0, false, null, "", "", "",
                new BroadcastState.ProductPace(120, "push_pace"));

        assertThat(BroadcastText.line(state)).isEqualTo("running all 12.0%, 240 written (118/s, no ETA), "
                + "paced by the product's backend: 120/s (push_pace), 200 acked, 0/3 rooms");
    }

    @Test
    void saysWhyItIsWhatItIs() {
        var stopped = state("paused", "canary: failed 3 of 100, 3.00 % (expected: at most 2.00 %)", 1, NONE);

        assertThat(stopped.stopped()).isTrue();
        assertThat(BroadcastText.sentence(stopped)).isEqualTo(
                "0123456789ABC is paused: canary: failed 3 of 100, 3.00 % (expected: at most 2.00 %)");
        assertThat(state("paused", "lunch", 1, NONE).stopped()).isFalse();
    }

    @Test
    void aDryRunTellsWhomItWouldReach() {
        var estimate = new Estimate(900, 1_000, 2_000, 1_800, 2_200, Duration.ofMinutes(90), true);

        assertThat(BroadcastText.made(state("dry_run", "", 0, NONE, estimate))).containsExactly(
                "dry run: 900 of 1,000 sessions are in the audience now, 1h 30m at this pace",
                "about 2,000 endpoints, online or not (1,800 to 2,200)",
                "it needs an approval: longwire broadcast approve");
    }

    private static BroadcastState state(String state, String reason, double percent, Counts counts) {
        return state(state, reason, percent, counts, null);
    }

    private static BroadcastState state(String state, String reason, double percent, Counts counts,
            @Nullable Estimate estimate) {
        return new BroadcastState("0123456789ABC", state, "all", reason, 2, "", Audience.getDefaultInstance(),
                Instant.EPOCH, Instant.EPOCH, counts, percent, 49_870.6, Duration.ofMillis(124_500), 3, 1, false,
                estimate, "", "", "", null);
    }
}
