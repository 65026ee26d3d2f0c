package io.longwire.keeper.cluster;

import java.util.Map;

/**
 * One running process as the others see it.
 *
 * @param index leased per process incarnation and part, not reused for 24 h: the room incarnation (16 bit), the center
 *        lease (10 bit)
 * @param rpcAddress host:port of its gRPC server, empty if it has none
 * @param attributes what the part publishes of itself: listeners, free accept rate, sessions
 */
public record Member(String part, String instance, int index, String host, String idc, String rpcAddress,
        String adminAddress, long startedMillis, boolean draining, Map<String, String> attributes) {
    public Member {
        attributes = Map.copyOf(attributes);
    }
}
