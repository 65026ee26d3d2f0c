package io.longwire.coordinator.callback;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class AddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                    "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "239.1.1.1", "255.255.255.255",
                    "240.0.0.1", "198.18.0.1", "192.0.0.192", "203.0.113.9", "::", "::1", "::127.0.0.1",
                    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "fe80::1", "fc00::1",
                    "fd00:ec2::254", "ff02::1", "2002:0a00:0001::1", "2001:0:1::1", "2001:db8::1", "100::1"})
    void keepsAwayFromWhatIsNotPublic(String text) {
        InetAddress address = InetAddress.ofLiteral(text);

        assertThat(new Addresses(List.of()).permits(address, true)).isFalse();
        assertThat(new Addresses(List.of(address.getHostAddress())).permits(address, false)).as("allowed").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"})
    void goesToPublicOnesEncrypted(String text) {
        InetAddress address = InetAddress.ofLiteral(text);

        assertThat(new Addresses(List.of()).permits(address, true)).isTrue();
        assertThat(new Addresses(List.of()).permits(address, false)).as("in the clear").isFalse();
    }

    @Test
    void allowsTheRangesOfItsListAlone() {
        var addresses = new Addresses(List.of("10.7.0.0/16"));

        assertThat(addresses.permits(InetAddress.ofLiteral("10.7.3.4"), false)).isTrue();
        assertThat(addresses.permits(InetAddress.ofLiteral("10.8.3.4"), false)).isFalse();
    }
}
