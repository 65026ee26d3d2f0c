package io.longwire.room.lifecycle;

import io.longwire.device.Code;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.room.accept.Gate;
import io.longwire.room.login.Admission;
import io.longwire.room.login.Alternates;
import io.longwire.room.login.Welcome;
import io.longwire.room.phone.RoomLoops;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Once a second: publishes addresses and load (listen, sessions, freeAccept), and sets the crash window and the
 * resume time by what the room carries.
 */
public final class Pulse implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Gate gate;
    private final Admission admission;
    private final Welcome welcome;
    private final RoomLoops loops;
    private final IntSupplier sessions;
    private final Clock.Cancellable timer;
    private final String listen;
    private int lastConnections;

    /**
     * @param listen the listeners as others are told, comma between them
     * @param sessions endpoints bound now
     */
    public Pulse(Cluster cluster, Clock clock, Gate gate, Logins logins, RoomLoops loops, String listen,
            IntSupplier sessions) {
        this.cluster = cluster;
        this.gate = gate;
        this.admission = logins.admission();
        this.welcome = logins.welcome();
        this.loops = loops;
        this.listen = listen;
        this.sessions = sessions;
        beat();
        this.timer = clock.every(PERIOD, this::beat);
    }

    /** What the pulse sets at logins. */
    public record Logins(Admission admission, Welcome welcome) {
    }

    private void beat() {
        int connections = gate.connections();
        int accepts = gate.acceptsPerSecond();
        welcome.load(connections, accepts);
        loops.parkFor(welcome.resumeTtl());
        int came = Math.max(0, connections - lastConnections);
        lastConnections = connections;
        int free = admission.verdict() == Code.OK ? Math.max(0, accepts - came) : 0;
        cluster.publish(Map.of(Alternates.LISTEN, listen, "sessions", Integer.toString(sessions.getAsInt()),
                "freeAccept", Integer.toString(free)));
    }

    @Override
    public void close() {
        timer.cancel();
    }
}
