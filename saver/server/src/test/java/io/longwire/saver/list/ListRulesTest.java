package io.longwire.saver.list;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.BadLine;
import io.longwire.rpc.saver.ListPart;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ListRulesTest {
    private static final long NOW = 1_000;

    @Test
    void givesAListItsTimesAndNothingElseThatWasNotAsked() {
        AudienceList made = ListRules.made(given().setListId(9).setEndpoints(4).setState(AudienceList.State.SEALED)
                .build(), NOW);

        assertThat(made).isEqualTo(given().setState(AudienceList.State.OPEN).setCreatedMs(NOW)
                .setExpireAtMs(NOW + Duration.ofDays(30).toMillis()).build());
        assertThat(ListRules.made(given().setExpireAtMs(NOW + 1).build(), NOW).getExpireAtMs()).isEqualTo(NOW + 1);
    }

    @Test
    void saysWhatIsWrongWithAList() {
        refused(given().setAppId(0), "app_id: 0 (expected: an app)");
        refused(given().setLabel("x".repeat(121)), "label: 121 characters (expected: at most 120)");
        refused(given().setIdempotencyKey("\u00e9".repeat(128)),
                "idempotency_key: 256 bytes (expected: at most 255)");
        refused(given().setExpireAtMs(NOW), "expire_at_ms: 1000 (expected: later than now, by at most 90 days)");
        refused(given().setExpireAtMs(NOW + Duration.ofDays(90).toMillis() + 1), "by at most 90 days)");
    }

    @Test
    void saysWhatIsWrongWithAPart() {
        refused(part(1).setPart(10_000), "part: 10000 (expected: 0 to 9999)");
        refused(part(1).setPart(-1), "part: 4294967295 (expected: 0 to 9999)");
        refused(part(1).setEndpoints(ByteString.copyFrom(new byte[9])), "endpoints: 9 bytes (expected: 8 each");
        refused(part(10_001), "endpoints: 80008 bytes (expected: 8 each, of at most 10000)");
        refused(part(3).setLines(2), "lines: 2 (expected: at least the 3 that were read");
        refused(part(3).setLines(3).setBad(1), "lines: 3 (expected: at least the 4 that were read");
        refused(part(3).setLines(-1), "lines: 18446744073709551615");
        refused(part(0).setLines(9).setBad(1).addBadLines(bad(1)).addBadLines(bad(2)),
                "bad_lines: 2 of 1 (expected: the first 100 of them)");
        var many = part(0).setLines(999).setBad(101);
        IntStream.rangeClosed(1, 101).forEach(line -> many.addBadLines(bad(line)));
        refused(many, "bad_lines: 101 of 101 (expected: the first 100 of them)");
        refused(part(0).setLines(9).setBad(2).addBadLines(bad(2)).addBadLines(bad(2)),
                "bad_lines.line: 2 (expected: from 1, each above the one before)");
        refused(part(0).setLines(9).setBad(1).addBadLines(bad(0)), "bad_lines.line: 0 (expected: from 1");
        refused(part(0).setLines(9).setBad(1).addBadLines(bad(1).setValue("v".repeat(65))),
                "bad_lines.value, expected: 65, 1 characters (expected: at most 64, 200)");
    }

    private static AudienceList.Builder given() {
        return AudienceList.newBuilder().setAppId(3).setLabel("spring").setIdempotencyKey("k");
    }

    private static ListPart.Builder part(int endpoints) {
        return ListPart.newBuilder().setLines(endpoints).setEndpoints(ByteString.copyFrom(new byte[8 * endpoints]));
    }

    private static BadLine.Builder bad(long line) {
        return BadLine.newBuilder().setLine(line).setValue("?").setExpected("!");
    }

    private static void refused(AudienceList.Builder given, String why) {
        assertThatThrownBy(() -> ListRules.made(given.build(), NOW)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static void refused(ListPart.Builder part, String why) {
        assertThatThrownBy(() -> ListRules.check(part.build())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
