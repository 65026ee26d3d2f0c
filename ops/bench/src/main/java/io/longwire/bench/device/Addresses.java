package io.longwire.bench.device;

import io.longwire.keeper.config.ConfigException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Addresses of rooms as orders and options name them. */
final class Addresses {
    private Addresses() {
    }

    /** Of "host:port,host:port"; none of an empty text. */
    static List<InetSocketAddress> of(String text) {
        var addresses = new ArrayList<InetSocketAddress>();
        for (String one : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int colon = one.lastIndexOf(':');
            if (colon < 0) {
                throw new ConfigException("room: " + one + " (expected: host:port)");
            }
            addresses.add(new InetSocketAddress(one.substring(0, colon), Integer.parseInt(one.substring(colon + 1))));
        }
        return addresses;
    }
}
