package io.longwire.dispatcher.rooms;

import io.longwire.dispatcher.DispatcherConfig.Region;
import io.longwire.keeper.config.ConfigException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegionsTest {
    @Test
    void takesTheLongestRangeThatHoldsTheCaller() throws Exception {
        var regions = Regions.of(List.of(
                new Region("wide", List.of("10.0.0.0/8", "2001:db8::/32"), List.of("dc1")),
                new Region("narrow", List.of("10.9.128.0/17"), List.of("dc2", "dc1"))));

        assertThat(regions.idcsFor(InetAddress.getByName("10.9.200.1"))).containsExactly("dc2", "dc1");
        assertThat(regions.idcsFor(InetAddress.getByName("10.9.100.1"))).containsExactly("dc1");
        assertThat(regions.idcsFor(InetAddress.getByName("2001:db8::7"))).containsExactly("dc1");
        assertThat(regions.idcsFor(InetAddress.getByName("192.0.2.1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "example.org/8", "/8", "10.0.0.0/x", "::/129"})
    void refusesWhatIsNoRangeAndNamesIt(String text) {
        assertThatThrownBy(() -> Regions.of(List.of(new Region("r", List.of(text), List.of("dc1")))))
                .isInstanceOf(ConfigException.class).hasMessageContaining(text).hasMessageContaining("expected");
    }
}
