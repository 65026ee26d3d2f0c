package io.longwire.room.control;

import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Phones that were pinged and have 3 s to show any byte. At most 1,024 at once in a loop. Owner: the loop. */
public final class Probes {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int BOUND = 1024;

    private record Probe(Connection connection, int askedTick, CompletableFuture<ControlResult> answer) {
    }

    private final Loop loop;
    private final ArrayDeque<Probe> waiting = new ArrayDeque<>(); // by time of asking

    public Probes(Loop loop) {
        this.loop = loop;
    }

    /** Pings the phone; the answer is ALIVE, SILENT, or BUSY at the bound. */
    void ask(Connection connection, CompletableFuture<ControlResult> answer) {
        if (waiting.size() >= BOUND) {
            Controls.complete(answer, ControlResult.Code.BUSY);
            return;
        }
        loop.out().ping(connection);
        connection.mark(Connection.PROBED);
        waiting.add(new Probe(connection, loop.now(), answer));
    }

    /** Bytes came from a connection that is marked PROBED. */
    public void onSign(Connection connection) {
        connection.unmark(Connection.PROBED);
        waiting.removeIf(probe -> {
            if (probe.connection == connection) {
                Controls.complete(probe.answer, ControlResult.Code.ALIVE);
                return true;
            }
            return false;
        });
    }

    /** Gives up on the silent ones; called once a tick. */
    public void onTick() {
        Probe oldest;
        while ((oldest = waiting.peek()) != null
                && (loop.now() - oldest.askedTick >= Loop.ticks(PATIENCE) || oldest.connection.link() == null)) {
            waiting.remove();
            oldest.connection.unmark(Connection.PROBED);
            Controls.complete(oldest.answer, ControlResult.Code.SILENT);
        }
    }
}
