package io.longwire.cli.terminal;

import io.longwire.center.client.Sent;
import io.longwire.center.client.call.BackendException;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Compare;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class OutputTest {
    @Test
    void jsonHasTheNamesOfTheApiAndReadableTimes() {
        var problem = BackendException.of(404, "unknown_endpoint", "to: x (expected: y)", Duration.ZERO, null);
        var sent = new Sent("0123456789ABC", "", "partial", Instant.parse("2026-12-01T08:00:00Z"), false, 1,
                List.of(new Sent.Target("a", "ep_a", "accepted", null), new Sent.Target("b", "", "unknown", problem)),
                "", "", null);

        assertThat(Output.json(sent)).isEqualTo("""
                {"message_id":"0123456789ABC","endpoint":"","status":"partial","accepted_at":"2026-12-01T08:00:00Z",\
                "duplicate":false,"accepted":1,"targets":[{"target":"a","endpoint":"ep_a","status":"accepted"},\
                {"target":"b","endpoint":"","status":"unknown","problem":{"code":"unknown_endpoint",\
                "detail":"to: x (expected: y)","status":404,"retry_after_ms":0}}],"collapsed":"","schedule_id":""}""");
    }

    @Test
    void jsonHasAnAudienceAsTheApiWritesIt() {
        var audience = Audience.newBuilder().setAppVersion(Compare.newBuilder().setGe(3)).build();

        assertThat(Output.json(Map.of("audience", audience)))
                .isEqualTo("{\"audience\":{\"app_version\":{\"ge\":3}}}");
    }

    @Test
    void aTableIsAsWideAsItsCells() {
        var text = new StringWriter();

        new Table("ID", "NAME").row(1, "news").row(200_000, "").print(new PrintWriter(text, true));

        assertThat(text.toString()).isEqualTo("ID      NAME\n1       news\n200000  -\n");
        assertThatThrownBy(() -> new Table("ID").row(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timesAreGivenAsALengthOrAsThemselves() {
        assertThat(Moments.past("--from", "")).isNull();
        assertThat(Moments.past("--from", "2026-12-01T08:00:00Z")).isEqualTo(Instant.parse("2026-12-01T08:00:00Z"));
        assertThat(Moments.past("--from", "1h")).isCloseTo(Instant.now().minusSeconds(3600),
                within(1, ChronoUnit.MINUTES));
        assertThatThrownBy(() -> Moments.instant("--at", "noon"))
                .hasMessageStartingWith("--at: noon (expected: RFC 3339");
    }
}
