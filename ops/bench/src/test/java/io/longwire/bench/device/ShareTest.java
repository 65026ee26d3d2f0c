package io.longwire.bench.device;

import io.longwire.keeper.config.ConfigException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ShareTest {
    @Test
    void takesItsPartOfEveryHundredDevicesAndNeverOneOfAnotherShare() {
        var first = new Share(0, 20);
        var rest = new Share(20, 80);

        for (int hundred = 0; hundred < 5; hundred++) {
            int from = 100 * hundred;
            assertThat(IntStream.range(from, from + 100).filter(first::contains).count()).isEqualTo(20);
        }
        assertThat(IntStream.range(0, 1000)).allMatch(device -> first.contains(device) != rest.contains(device));
    }

    @Test
    void isWithinTheWhole() {
        assertThatThrownBy(() -> new Share(90, 20)).isInstanceOf(ConfigException.class)
                .hasMessage("share: 20 from 90 (expected: within 0 to 100)");
    }
}
