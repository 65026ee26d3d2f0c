package io.longwire.bench.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How the room of a figure runs, and who connects to it. */
final class RoomOptions {
    @Option(names = "--connections", defaultValue = "18000", description = "Phones (default: 18,000).")
    private int connections = 18_000;

    @Option(names = "--per-connection", defaultValue = "1", description = "Endpoints on each (default: 1).")
    private int perConnection = 1;

    @Option(names = "--room-heap", defaultValue = "1g", description = "-Xms and -Xmx of the room (default: 1g).")
    private String heap = "1g";

    @Option(names = "--room-flag", description = "A further JVM flag of the room; may be repeated.")
    private List<String> flags = new ArrayList<>();

    @Option(names = "--in-flight", defaultValue = "128", description = "Logins at once (default: 128).")
    private int inFlight = 128;

    @Option(names = "--room-threads", defaultValue = "0", description = "Event loops of each room; more than there are "
            + "cores beside the load tool make it dearer (default: 0, as shipped: the cores).")
    private int threads;

    @Option(names = "--rooms", defaultValue = "1", description = "Rooms, which share the phones (default: 1).")
    private int rooms = 1;

    @Option(names = "--ord-step", defaultValue = "1", description = "Distance between endpoint numbers: of a fleet "
            + "that is so many times larger (default: 1).")
    private int ordStep = 1;

    @Option(names = "--tls", description = "Phones speak TLS 1.3.")
    private boolean tls;

    int connections() {
        return connections;
    }

    int perConnection() {
        return perConnection;
    }

    String heap() {
        return heap;
    }

    List<String> flags() {
        return List.copyOf(flags);
    }

    /** What a room is told beside where it listens. */
    Map<String, Object> config() {
        return threads == 0 ? Map.of() : Map.of("threads", threads);
    }

    int inFlight() {
        return inFlight;
    }

    int rooms() {
        return rooms;
    }

    int ordStep() {
        return ordStep;
    }

    boolean tls() {
        return tls;
    }
}
