package io.longwire.coordinator.access;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an address is in one of a key's networks: {@code 10.0.0.0/8}, {@code 2001:db8::/32}. Static, pure. */
public final class Networks {
    private Networks() {
    }

    /** What cannot be read lets nobody in. */
    public static boolean has(List<String> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> has(network, address.getAddress()));
    }

    /** Whether it can be read. */
    public static boolean readable(String network) {
        return Range.of(network) != null;
    }

    private static boolean has(String network, byte[] address) {
        Range range = Range.of(network);
        if (range == null || range.from.length != address.length) {
            return false;
        }
        for (int i = 0; i < range.bits; i++) {
            int mask = 0x80 >>> (i % 8);
            if ((range.from[i / 8] & mask) != (address[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private record Range(byte[] from, int bits) {
        static @Nullable Range of(String network) {
            int slash = network.indexOf('/');
            try {
                byte[] from = InetAddress.ofLiteral(slash < 0 ? network : network.substring(0, slash)).getAddress();
                int bits = slash < 0 ? from.length * 8 : Integer.parseInt(network.substring(slash + 1));
                return bits < 0 || bits > from.length * 8 ? null : new Range(from, bits);
            } catch (IllegalArgumentException unreadable) {
                return null;
            }
        }
    }
}
