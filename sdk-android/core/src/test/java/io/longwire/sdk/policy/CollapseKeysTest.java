package io.longwire.sdk.policy;

import com.google.protobuf.ByteString;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CollapseKeysTest {
    private static final long DAY = 24 * 3_600_000L;
    private final CollapseKeys keys = new CollapseKeys();

    @Test
    void knowsTheNewestWhateverTheOrder() {
        keys.arrived(key(1), 7, 0, 0);
        keys.arrived(key(1), 5, 0, 0);

        assertThat(line(1).newest()).isEqualTo(7);
        assertThat(keys.find(key(2))).isNull();
    }

    @Test
    void anotherMessageTakesThePlaceOnTheScreen() {
        keys.arrived(key(1), 7, 0, 0);
        keys.onScreen(key(1), 7);
        keys.moved(7, 9);

        assertThat(line(1).onScreen()).isEqualTo(9);
        assertThat(line(1).newest()).isEqualTo(7);
    }

    @Test
    void keepsAKeyUntilItsMessagesCannotCome() {
        for (int i = 1; i <= 3_000; i++) {
            keys.arrived(key(i), i, 10 * DAY, 0);
        }
        keys.sweep(10 * DAY - 1);
        assertThat(keys.size()).isEqualTo(3_000);

        keys.sweep(10 * DAY);
        assertThat(keys.size()).isEqualTo(CollapseKeys.NEWEST);
        assertThat(keys.find(key(1))).isNull();
        assertThat(keys.find(key(3_000))).isNotNull();
    }

    @Test
    void neverGrowsPastItsCapAndKeepsWhatIsUsed() {
        for (int i = 1; i <= 3 * CollapseKeys.CAP; i++) {
            keys.arrived(key(i), i, 30 * DAY, 0);
            keys.arrived(key(0), i, 30 * DAY, 0);
        }

        assertThat(keys.size()).isLessThanOrEqualTo(CollapseKeys.CAP);
        assertThat(line(0).newest()).isEqualTo(3 * CollapseKeys.CAP);
    }

    private CollapseKeys.Line line(int number) {
        return Objects.requireNonNull(keys.find(key(number)));
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8("key " + number);
    }
}
