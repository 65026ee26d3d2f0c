package io.longwire.room.transport;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TicketKeysTest {
    private static final byte[] MASTER = new byte[32];
    private static final byte[] OTHER = "0123456789abcdef0123456789abcdef".getBytes(
            java.nio.charset.StandardCharsets.US_ASCII);

    @Test
    void allRoomsDrawTheSameThreeKeysFromADay() {
        List<String> here = drawn(MASTER, 20_000);

        assertThat(drawn(MASTER.clone(), 20_000)).isEqualTo(here);
        assertThat(here).hasSize(3).doesNotHaveDuplicates().allMatch(key -> key.length() == 96);
        assertThat(drawn(OTHER, 20_000)).doesNotContainAnyElementsOf(here);
    }

    @Test
    void yesterdaysKeyOpensTicketsAndSoDoesThatOfARoomThatIsADayAhead() {
        List<String> today = drawn(MASTER, 20_000);
        List<String> tomorrow = drawn(MASTER, 20_001);

        assertThat(tomorrow).contains(today.get(0)).doesNotContain(today.get(1));
        assertThat(today).contains(tomorrow.get(0));
        assertThat(tomorrow.get(0)).isNotEqualTo(today.get(0));
        assertThat(drawn(MASTER, 20_002)).doesNotContain(today.get(0)); // two days are the longest
    }

    @Test
    void daysChangeAtMidnightUtc() {
        long midnight = Instant.parse("2026-11-21T00:00:00Z").toEpochMilli();

        assertThat(TicketKeys.day(midnight) - TicketKeys.day(midnight - 1)).isEqualTo(1);
        assertThat(TicketKeys.day(midnight + 1)).isEqualTo(TicketKeys.day(midnight));
    }

    private static List<String> drawn(byte[] master, long day) {
        return TicketKeys.bytes(master, day).stream().map(HexFormat.of()::formatHex).toList();
    }
}
