package io.longwire.bench.figure;

import java.util.List;
import java.util.Map;

/** Configurations of a room for measuring: as shipped, but for limits that all phones on one address would meet. */
final class RoomConfigs {
    private RoomConfigs() {
    }

    static Map<String, Object> open(boolean tls) {
        return Map.of("listen", List.of(Map.of("kind", "tcp", "bind", "127.0.0.1", "port", 0)));
    }
}
