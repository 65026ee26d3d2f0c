package io.longwire.coordinator.callback;

import io.longwire.coordinator.access.Networks;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses requests may go to: public ones, and those of the list. An address of IPv4 in the clothes of IPv6 is
 * one of IPv4 to Java, and so it is here; of IPv6 itself only what is handed out as global unicast is public, without
 * the ranges that lead back into IPv4. Immutable.
 */
final class Addresses {
    private static final List<String> NOT_PUBLIC = List.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
            "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", // multicast and above
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
    private static final List<String> GLOBAL_6 = List.of("2000::/3");
    private static final int IPV6 = 16;

    private final List<String> allowed;

    Addresses(List<String> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** @param encrypted to a public address nothing goes in the clear */
    boolean permits(InetAddress address, boolean encrypted) {
        return Networks.has(allowed, address) || (encrypted && isPublic(address));
    }

    static boolean isPublic(InetAddress address) {
        return !Networks.has(NOT_PUBLIC, address)
                && (address.getAddress().length != IPV6 || Networks.has(GLOBAL_6, address));
    }
}
