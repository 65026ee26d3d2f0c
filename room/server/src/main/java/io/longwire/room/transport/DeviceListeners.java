package io.longwire.room.transport;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.accept.Gate;
import io.longwire.room.phone.RoomLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All addresses that phones connect to. Thread-safe. */
public final class DeviceListeners implements AutoCloseable {
    private final List<DeviceListener> listeners = new ArrayList<>();

    private DeviceListeners() {
    }

    /** Listens on all of them, or on none: throws StartFailure for the first that cannot be had. */
    public static DeviceListeners bind(List<ListenerConfig> configs, EventLoops loops, RoomLoops logic, Gate gate,
            Tls tls, Metrics metrics) {
        var bound = new DeviceListeners();
        boolean well = false;
        try {
            for (ListenerConfig config : configs) {
                bound.listeners.add(DeviceListener.bind(config, loops, logic, gate, tls, metrics));
            }
            well = true;
        } finally {
            if (!well) {
                bound.close();
            }
        }
        return bound;
    }

    /** As the member attribute "listen" has them: tcp://host:port,tls://host:port. */
    public String addresses() {
        return listeners.stream().map(DeviceListener::address).collect(Collectors.joining(","));
    }

    public int port(int index) {
        return listeners.get(index).port();
    }

    /** Stops accepting; what was accepted stays. Idempotent. */
    @Override
    public void close() {
        listeners.forEach(DeviceListener::close);
    }
}
