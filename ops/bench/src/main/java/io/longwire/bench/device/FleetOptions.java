package io.longwire.bench.device;

import io.longwire.bench.endpoint.BenchEndpoint;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a fleet is made of.
 *
 * @param rooms devices are spread over them in turn
 * @param endpoints cut into devices of {@code perConnection} each, in this order
 * @param loops threads
 * @param sources how many loopback addresses the devices come from, each in a /16 of its own; 0 = the system chooses
 * @param ackItems an ACK leaves when so many pushes wait for it ...
 * @param ackMillis ... or so long after the first of them; 0 = at the end of each read
 * @param tls whether devices speak TLS; any certificate is taken
 */
record FleetOptions(List<InetSocketAddress> rooms, List<BenchEndpoint> endpoints, int perConnection, int loops,
        int sources, int ackItems, int ackMillis, boolean tls) {
    FleetOptions {
        rooms = List.copyOf(rooms);
        endpoints = List.copyOf(endpoints);
    }

    int devices() {
        return endpoints.size() / perConnection;
    }
}
