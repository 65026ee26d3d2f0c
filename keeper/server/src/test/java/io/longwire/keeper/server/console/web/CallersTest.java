package io.longwire.keeper.server.console.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallersTest {
    private final Callers callers = Callers.behind(List.of("10.0.0.0/24", "2001:db8::/32", "192.0.2.7"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"10.0.0.5 | 203.0.113.9 | 203.0.113.9",
            "10.0.0.5 | 1.1.1.1, 203.0.113.9 | 203.0.113.9", "10.0.0.5 | 203.0.113.9, 10.0.0.6 | 203.0.113.9",
            "192.0.2.7 | 203.0.113.9 | 203.0.113.9", "10.0.0.5 | 2001:db9::1 | 2001:db9:0:0:0:0:0:1",
            "2001:db8::1 | 203.0.113.9 | 203.0.113.9", "10.0.0.5 | '' | 10.0.0.5", "10.0.0.5 | a.example | 10.0.0.5",
            "10.0.0.5 | 203.0.113.9, unknown | 10.0.0.5", "10.0.1.5 | 203.0.113.9 | 10.0.1.5",
            "192.0.2.8 | 203.0.113.9 | 192.0.2.8"})
    void believesTheBalancersAlone(String peer, String header, String address) throws UnknownHostException {
        assertThat(callers.address(InetAddress.getByName(peer), List.of(header))).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9, 203.0.113.9", "2001:db9:1:2:3:4:5:6, 2001:db9:1:2::/64",
            "2001:db9:1:2::1, 2001:db9:1:2::/64", "2001:db9:1:3::1, 2001:db9:1:3::/64",
            "::1, ::/64", "::ffff:203.0.113.9, 203.0.113.9"})
    void countsAnIpv6AddressAsItsNetwork(String address, String counted) throws UnknownHostException {
        assertThat(Callers.network(InetAddress.getByName(address).getHostAddress())).isEqualTo(counted);
        assertThat(Callers.network(callers.address(InetAddress.getByName("10.0.0.5"), List.of(address))))
                .isEqualTo(counted);
    }

    @Test
    void takesTheLastOfSeveralLines() throws UnknownHostException {
        assertThat(callers.address(InetAddress.getByName("10.0.0.5"), List.of("1.1.1.1", "203.0.113.9")))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void believesNobodyByItself() {
        assertThat(Callers.behind(List.of()).address(InetAddress.getLoopbackAddress(), List.of("203.0.113.9")))
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "", "::/129"})
    void refusesWhatIsNoRange(String range) {
        assertThatThrownBy(() -> Callers.behind(List.of("10.0.0.0/8", range)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(range);
    }
}
