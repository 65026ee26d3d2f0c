package io.longwire.sdk.phone;

import io.longwire.sdk.transport.Address;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts candidates so that one broken thing costs one dial: neighbours differ in host and port (a firewall drops a port,
 * a host dies), and the third stands in another data centre than the first. The first stays the first; otherwise the
 * given order holds as far as it can.
 */
final class RouteOrder {
    private static final int ELSEWHERE = 2;

    private RouteOrder() {
    }

    static List<Address> scattered(List<Address> best) {
        List<Address> left = new ArrayList<>(best);
        List<Address> order = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            order.add(left.remove(next(order, left)));
        }
        return order;
    }

    private static int next(List<Address> order, List<Address> left) {
        if (order.isEmpty()) {
            return 0;
        }
        if (order.size() == ELSEWHERE) {
            for (int i = 0; i < left.size(); i++) {
                if (isElsewhere(order.get(0), left.get(i))) {
                    return i;
                }
            }
        }
        Address before = order.get(order.size() - 1);
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i).port() != before.port() && !isSameHost(before, left.get(i))) {
                return i;
            }
        }
        for (int i = 0; i < left.size(); i++) {
            if (!isSameHost(before, left.get(i))) {
                return i;
            }
        }
        return 0;
    }

    private static boolean isElsewhere(Address one, Address other) {
        return !one.idc().isEmpty() && !other.idc().isEmpty() && !one.idc().equals(other.idc());
    }

    private static boolean isSameHost(Address one, Address other) {
        return one.host().equals(other.host()) && one.ip().equals(other.ip());
    }
}
