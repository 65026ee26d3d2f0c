package io.longwire.bench.device;

import io.longwire.keeper.clock.Clock;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Has each device of a loop send an uplink every so often, spread evenly. Owned by the loop. */
final class UplinkPace {
    private static final long TICK_MICROS = 1000;

    private final EventLoop loop;
    private final Clock clock;
    private final List<Device> devices;
    private double perNano;
    private double owed;
    private int next;
    private int round;
    private int bytes;

    UplinkPace(EventLoop loop, Clock clock, List<Device> devices) {
        this.loop = loop;
        this.clock = clock;
        this.devices = devices;
    }

    /** One of each device every so many milliseconds; 0 = no more. */
    void every(long millis, int size) {
        bytes = size;
        perNano = millis == 0 ? 0 : devices.size() / (millis * 1e6);
        owed = 0;
        int begun = ++round;
        if (millis != 0) {
            loop.schedule(() -> tick(begun, clock.nanos()), TICK_MICROS, TimeUnit.MICROSECONDS);
        }
    }

    private void tick(int begun, long last) {
        if (begun != round) {
            return;
        }
        long now = clock.nanos();
        owed += perNano * (now - last);
        for (; owed >= 1; owed--) {
            devices.get(next).uplink(bytes);
            next = (next + 1) % devices.size();
        }
        loop.schedule(() -> tick(begun, now), TICK_MICROS, TimeUnit.MICROSECONDS);
    }
}
