package io.longwire.coordinator.access;

import java.net.InetAddress;
import java.util.List;

/** Whether an address is in one of a key's networks: {@code 10.0.0.0/8}, {@code 2001:db8::/32}. Static, pure. */
final class Networks {
    private Networks() {
    }

    /** What cannot be read lets nobody in. */
    static boolean has(List<String> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> has(network, address.getAddress()));
    }

    private static boolean has(String network, byte[] address) {
        int slash = network.indexOf('/');
        byte[] from;
        int bits;
        try {
            from = InetAddress.ofLiteral(slash < 0 ? network : network.substring(0, slash)).getAddress();
            bits = slash < 0 ? from.length * 8 : Integer.parseInt(network.substring(slash + 1));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
        if (from.length != address.length || bits < 0 || bits > from.length * 8) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >>> (i % 8);
            if ((from[i / 8] & mask) != (address[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
