package io.longwire.center.access;

import com.google.common.net.InetAddresses;
import io.longwire.center.refuse.Refused;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NetworksTest {
    @Test
    void knowsWhatIsInARange() {
        assertThat(has("10.0.0.0/8", "10.255.1.2")).isTrue();
        assertThat(has("10.0.0.0/8", "11.0.0.1")).isFalse();
        assertThat(has("192.168.4.0/22", "192.168.7.255")).isTrue();
        assertThat(has("192.168.4.0/22", "192.168.8.0")).isFalse();
        assertThat(has("192.0.2.7", "192.0.2.7")).isTrue();
        assertThat(has("192.0.2.7", "192.0.2.8")).isFalse();
        assertThat(has("2001:db8::/33", "2001:db8:7fff::1")).isTrue();
        assertThat(has("2001:db8::/33", "2001:db8:8000::1")).isFalse();
        assertThat(has("0.0.0.0/0", "2001:db8::1")).isFalse();
        assertThat(has("10.0.0.0/8", "::ffff:10.1.2.3")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "example.com", "::/129", "/8",
            "10.0.0.0/8/8", "10.0.0.0/0x8"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Networks.of("networks", List.of(text))).isInstanceOf(Refused.class)
                .hasMessage("networks: " + text
                        + " (expected: addresses or ranges such as 10.0.0.0/8, 2001:db8::/32, 192.0.2.7)");
    }

    @Test
    void boundsAList() {
        assertThatThrownBy(() -> Networks.of("networks", Collections.nCopies(33, "10.0.0.0/8")))
                .hasMessage("networks: 33 entries (expected: at most 32)");
    }

    @Test
    void skipsWhatALaterVersionHasKept() {
        var networks = Networks.known(List.of("something new", "10.0.0.0/8"));

        assertThat(networks.has(InetAddresses.forString("10.1.1.1"))).isTrue();
        assertThat(Networks.known(List.of("something new")).has(InetAddresses.forString("10.1.1.1"))).isFalse();
    }

    @Test
    void believesAForwardedAddressFromBalancersOnly() {
        assertThat(caller("203.0.113.9", "198.51.100.1")).isEqualTo("203.0.113.9");
        assertThat(caller("10.0.0.1", null)).isEqualTo("10.0.0.1");
        assertThat(caller("10.0.0.1", "198.51.100.1")).isEqualTo("198.51.100.1");
    }

    @Test
    void neverBelievesWhatACallerWroteItself() {
        assertThat(caller("10.0.0.1", "1.1.1.1, 198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(caller("10.0.0.1", "1.1.1.1, 198.51.100.1,10.0.0.2")).isEqualTo("198.51.100.1");
        assertThat(caller("10.0.0.1", "198.51.100.1, unknown")).isEqualTo("10.0.0.1");
        assertThat(caller("10.0.0.1", "10.0.0.3, 10.0.0.2")).isEqualTo("10.0.0.3");
        assertThat(caller("10.0.0.1", ",,,")).isEqualTo("10.0.0.1");
    }

    private static boolean has(String range, String address) {
        return Networks.of("networks", List.of(range)).has(InetAddresses.forString(address));
    }

    private static String caller(String peer, @Nullable String forwarded) {
        return new CallerAddress(() -> Networks.of("balancers", List.of("10.0.0.0/24")))
                .of(InetAddresses.forString(peer), forwarded).getHostAddress();
    }
}
