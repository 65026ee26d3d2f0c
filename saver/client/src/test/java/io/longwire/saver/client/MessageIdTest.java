package io.longwire.saver.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class MessageIdTest {
    private static final long NOW = MessageId.EPOCH_MILLIS + 123_456_789_012L;

    @Test
    void givesBackTheTimeItWasMintedAt() {
        assertThat(MessageId.millis(MessageId.of(NOW, 1023, 4095))).isEqualTo(NOW);
    }

    @Test
    void growsWithTimeThenLeaseThenCounter() {
        assertThat(MessageId.of(NOW, 0, 4095)).isLessThan(MessageId.of(NOW, 1, 0));
        assertThat(MessageId.of(NOW, 1023, 4095)).isLessThan(MessageId.of(NOW + 1, 0, 0));
        assertThat(MessageId.firstAt(NOW)).isEqualTo(MessageId.of(NOW, 0, 0));
    }

    @Test
    void refusesATimeBeforeItsEpoch() {
        assertThatThrownBy(() -> MessageId.of(MessageId.EPOCH_MILLIS - 1, 0, 0))
                .hasMessageContaining("expected: 2026 to 2095");
        assertThat(MessageId.firstAt(0)).isZero();
    }

    @Test
    void isWrittenInThirteenCharactersAndReadBack() {
        long id = MessageId.of(NOW, 77, 9);

        String text = MessageId.text(id);

        assertThat(text).hasSize(13);
        assertThat(MessageId.parse(text)).isEqualTo(id);
        assertThat(MessageId.parse(text.toLowerCase(java.util.Locale.ROOT))).isEqualTo(id);
    }

    @Test
    void refusesTextThatIsNoId() {
        assertThat(MessageId.parse("")).isEqualTo(-1);
        assertThat(MessageId.parse("ZZZZZZZZZZZZZ")).isEqualTo(-1);
        assertThat(MessageId.parse("00000000000U0")).isEqualTo(-1);
        assertThat(MessageId.parse("0000000000000")).isZero();
    }
}
