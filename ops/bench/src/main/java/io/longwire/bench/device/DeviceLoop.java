package io.longwire.bench.device;

import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.message.PushView;
import io.longwire.device.v1.GoAway;
import io.longwire.keeper.clock.Clock;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One loop with its devices, and what they share: tally, frames, pacing. Everything here belongs to the loop's thread,
 * but the constructor.
 */
final class DeviceLoop {
    private static final long PING_TICK_MICROS = 1000;

    private final EventLoop loop;
    private final FleetOptions options;
    private final Clock clock;
    private final Frames frames;
    private final Dialler dialler;
    private final List<Device> devices = new ArrayList<>();
    private final Tally tally = new Tally();
    private final PushView view = new PushView();
    private final UplinkPace uplinks;
    private final ArrayDeque<Device> acks = new ArrayDeque<>();
    private final ArrayDeque<Long> ackTimes = new ArrayDeque<>();
    private int online;
    private boolean pingsFlatOut;
    private double pingsPerTick;
    private double pingsOwed;
    private int pingNext;
    private int pingRound;
    private boolean roams;
    private boolean remembers;

    DeviceLoop(EventLoop loop, FleetOptions options, Clock clock) {
        this.loop = loop;
        this.options = options;
        this.clock = clock;
        this.frames = new Frames(options.endpoints(), options.perConnection(), clock);
        this.dialler = new Dialler(this, loop, options);
        this.uplinks = new UplinkPace(loop, clock, devices);
    }

    /** Before the loop runs. */
    void add(int firstEndpoint) {
        devices.add(new Device(this, firstEndpoint));
    }

    EventLoop eventLoop() {
        return loop;
    }

    Tally tally() {
        return tally;
    }

    Frames frames() {
        return frames;
    }

    PushView view() {
        return view;
    }

    boolean tls() {
        return options.tls();
    }

    boolean ackAtOnce() {
        return options.ackMillis() == 0;
    }

    int ackItems() {
        return options.ackItems();
    }

    int perConnection() {
        return options.perConnection();
    }

    BenchEndpoint endpoint(int index) {
        return options.endpoints().get(index);
    }

    boolean pingsFlatOut() {
        return pingsFlatOut;
    }

    long nanos() {
        return clock.nanos();
    }

    long wallMillis() {
        return clock.wallMillis();
    }

    int online() {
        return online;
    }

    // ---- logging in and out ----

    /** Connects devices until {@code upTo} of this loop are online; see Dialler. */
    void connect(int upTo, double ratePerSecond, int inFlight) {
        var missing = new ArrayList<Device>();
        for (int i = 0; i < Math.min(upTo, devices.size()); i++) {
            if (devices.get(i).state() == Device.State.OFFLINE) {
                missing.add(devices.get(i));
            }
        }
        dialler.dial(missing, ratePerSecond, inFlight);
    }

    /** Connects those of the share that are not, from now on at these rooms in turn; no rooms = where they were. */
    void join(Share share, List<InetSocketAddress> rooms, double ratePerSecond, int inFlight) {
        var missing = new ArrayList<Device>();
        for (Device device : devices) {
            if (share.contains(device.number()) && device.state() == Device.State.OFFLINE) {
                if (!rooms.isEmpty()) {
                    device.room(rooms.get(device.number() % rooms.size()));
                }
                missing.add(device);
            }
        }
        dialler.dial(missing, ratePerSecond, inFlight);
    }

    /** Ends the connections of the share. */
    void end(Share share, boolean tellRoom) {
        dialler.stop();
        for (Device device : devices) {
            if (share.contains(device.number())) {
                device.end(tellRoom);
            }
        }
    }

    /** How many of the share have a connection, or try to get one. */
    int connected(Share share) {
        int connected = 0;
        for (Device device : devices) {
            connected += share.contains(device.number()) && device.state() != Device.State.OFFLINE ? 1 : 0;
        }
        return connected;
    }

    int dialling() {
        return dialler.left();
    }

    /** Whether devices follow a room's GOAWAY, and come back by themselves when their connection is lost. */
    boolean roams() {
        return roams;
    }

    void roam(boolean on) {
        roams = on;
    }

    /** Whether devices keep the ids of their messages and show each once, as the SDK does. */
    boolean remembers() {
        return remembers;
    }

    void remember(boolean on) {
        remembers = on;
    }

    /** Logs a device in at one of the rooms the order names, after a while of its own. */
    void roam(Device next, GoAway order) {
        List<InetSocketAddress> rooms = order.getToList().stream()
                .map(to -> new InetSocketAddress(to.getHost(), to.getPort())).toList();
        if (!rooms.isEmpty()) {
            next.room(rooms.get(ThreadLocalRandom.current().nextInt(rooms.size())));
        }
        dialAfter(next, ThreadLocalRandom.current().nextInt(Math.max(1, order.getDelayMaxMs())));
    }

    /** Its connection is lost, or could not be had: another of the fleet's rooms. */
    void roamAgain(Device device) {
        List<InetSocketAddress> rooms = options.rooms();
        device.room(rooms.get(ThreadLocalRandom.current().nextInt(rooms.size())));
        dialAfter(device, 100 + ThreadLocalRandom.current().nextInt(200));
    }

    private void dialAfter(Device device, long millis) {
        loop.schedule(() -> {
            if (roams && device.state() == Device.State.OFFLINE) {
                dialler.dialOne(device);
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    /** The phone is on another connection now. */
    void moved(Device old, Device next) {
        devices.set(devices.indexOf(old), next);
        tally.moves++;
    }

    /** Ends connections of this loop, the last ones first, until {@code downTo} are left. */
    void end(int downTo, boolean tellRoom) {
        dialler.stop();
        for (int i = devices.size() - 1, left = online; i >= 0 && left > downTo; i--) {
            if (devices.get(i).state() != Device.State.OFFLINE) {
                left -= devices.get(i).state() == Device.State.ONLINE ? 1 : 0;
                devices.get(i).end(tellRoom);
            }
        }
    }

    void online(Device device) {
        online++;
        dialler.done(device);
    }

    void retryAfter(long millis) {
        dialler.retryAfter(millis);
    }

    void offline(Device device, Device.State was, boolean unwanted) {
        if (was == Device.State.ONLINE) {
            online--;
        } else if (was == Device.State.CONNECTING) {
            dialler.failed(device, unwanted);
        }
    }

    // ---- acks that wait ----

    void ackLater(Device device) {
        acks.add(device);
        ackTimes.add(clock.nanos() + options.ackMillis() * 1_000_000L);
        if (acks.size() == 1) {
            loop.schedule(this::acksDue, options.ackMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void acksDue() {
        long now = clock.nanos();
        while (!acks.isEmpty() && ackTimes.getFirst() - now <= 0) {
            ackTimes.removeFirst();
            acks.removeFirst().ackDue();
        }
        if (!acks.isEmpty()) {
            loop.schedule(this::acksDue, ackTimes.getFirst() - now, TimeUnit.NANOSECONDS);
        }
    }

    UplinkPace uplinks() {
        return uplinks;
    }

    // ---- pings ----

    /** Each device pings every so many milliseconds, spread evenly; 0 = no more pings. */
    void pingEvery(long millis) {
        pingsFlatOut = false;
        pingsPerTick = millis == 0 ? 0 : devices.size() * (PING_TICK_MICROS / 1000.0) / millis;
        pingsOwed = 0;
        int round = ++pingRound;
        if (millis != 0) {
            loop.schedule(() -> pingTick(round, clock.nanos()), PING_TICK_MICROS, TimeUnit.MICROSECONDS);
        }
    }

    /** Each device sends a ping as soon as the last one was answered. */
    void pingFlatOut() {
        pingEvery(0);
        pingsFlatOut = true;
        devices.forEach(Device::ping);
    }

    private void pingTick(int round, long last) {
        if (round != pingRound) {
            return;
        }
        long now = clock.nanos();
        pingsOwed += pingsPerTick * (now - last) / (PING_TICK_MICROS * 1000.0);
        for (; pingsOwed >= 1; pingsOwed--) {
            devices.get(pingNext).ping();
            pingNext = (pingNext + 1) % devices.size();
        }
        loop.schedule(() -> pingTick(round, now), PING_TICK_MICROS, TimeUnit.MICROSECONDS);
    }
}
