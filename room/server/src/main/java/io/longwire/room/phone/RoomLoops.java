package io.longwire.room.phone;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.register.client.PutResult;
import io.longwire.room.directory.SessionEvents;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.resume.Claims;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Forward;
import io.longwire.room.session.Handle;
import io.longwire.room.session.Loop;
import io.longwire.room.session.LoopThread;
import io.longwire.room.session.Session;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All loops of a room, and the way to whatever a handle names. Thread-safe. */
public final class RoomLoops implements SessionEvents {
    /** Reasons to fetch that come for many at once are spread over this. */
    private static final int SPREAD_TICKS = 2 * Loop.TICKS_PER_SECOND;
    private static final int MAILBOX = 16 * 1024;
    private static final ControlResult NOT_HERE = ControlResult.newBuilder().setCode(ControlResult.Code.NOT_HERE)
            .build();
    private static final ControlResult BUSY = ControlResult.newBuilder().setCode(ControlResult.Code.BUSY).build();

    private final List<PhoneLoop> loops;
    private final Counter mailboxFull;

    /** Work on the loop of a connection. */
    public interface Visit {
        /** @param connection what the handle names now, null if nothing; valid only during the call */
        void at(PhoneLoop loop, @Nullable Connection connection);
    }

    /** One loop per thread, each with its share of the limits. */
    public RoomLoops(List<? extends LoopThread> threads, Clock clock, LoopParts parts) {
        Counter bugs = parts.metrics().counter(RoomMetric.LOOP_BUGS);
        var peers = new Claims[threads.size()];
        this.loops = IntStream.range(0, threads.size()).mapToObj(
                i -> new PhoneLoop(new Loop(i, clock, threads.get(i), MAILBOX, bugs::increment), parts, peers))
                .toList();
        for (int i = 0; i < peers.length; i++) {
            peers[i] = loops.get(i).claims();
        }
        this.mailboxFull = parts.metrics().counter(RoomMetric.MAILBOX_FULL);
    }

    public int count() {
        return loops.size();
    }

    public PhoneLoop at(int index) {
        return loops.get(index);
    }

    /** Runs the task on each loop. */
    public void onEach(Consumer<PhoneLoop> task) {
        for (PhoneLoop loop : loops) {
            loop.loop().mailbox().answer(() -> task.accept(loop));
        }
    }

    /**
     * Runs the visit on the loop that has what the handle, of one of our loops, names, following forwards. False =
     * that loop's mailbox is full and nothing will happen; a forward to a loop whose mailbox is full is followed all
     * the same.
     */
    private boolean visit(long handle, Visit visit) {
        PhoneLoop loop = loops.get(Handle.loop(handle));
        boolean taken = loop.loop().mailbox().offer(() -> resolve(loop, handle, visit));
        if (!taken) {
            mailboxFull.increment();
        }
        return taken;
    }

    /** As {@link #visit}, for who is on the loop already. */
    public void resolve(PhoneLoop loop, long handle, Visit visit) {
        loop.loop().sample();
        switch (loop.loop().table().at(handle)) {
            case Connection connection -> visit.at(loop, connection);
            case Forward forward -> {
                PhoneLoop next = loops.get(Handle.loop(forward.to()));
                if (next == loop) {
                    resolve(loop, forward.to(), visit);
                } else {
                    next.loop().mailbox().answer(() -> resolve(next, forward.to(), visit));
                }
            }
            case null, default -> visit.at(loop, null);
        }
    }

    /** Asks something of the session that the item names; BUSY if its loop cannot take it. */
    public CompletableFuture<ControlResult> control(ControlItem item) {
        if (Handle.loop(item.getHandle()) >= loops.size()) {
            return CompletableFuture.completedFuture(NOT_HERE);
        }
        var answer = new CompletableFuture<ControlResult>();
        boolean taken = visit(item.getHandle(),
                (loop, connection) -> loop.controls().apply(connection, item, answer));
        return taken ? answer : CompletableFuture.completedFuture(BUSY);
    }

    @Override
    public void fetchAgain(long endpointId, long handle) {
        withSession(endpointId, handle, (loop, connection, session) -> loop.fetcher().oweLater(connection, session,
                ThreadLocalRandom.current().nextInt(SPREAD_TICKS)));
    }

    /** The endpoint's inbox is looked into at once, wherever its session is. */
    public void fetchNow(long endpointId, long handle) {
        withSession(endpointId, handle, (loop, connection, session) -> loop.fetcher().owe(connection, session));
    }

    @Override
    public void conflict(long endpointId, long connSeq, long handle, PutResult result) {
        withSession(endpointId, handle,
                (loop, connection, session) -> loop.binder().onConflict(connection, endpointId, connSeq, result));
    }

    private interface SessionVisit {
        void at(PhoneLoop loop, Connection connection, Session session);
    }

    // Never refused: what the register tells must not be lost, and comes at the register's pace.
    private void withSession(long endpointId, long handle, SessionVisit visit) {
        if (Handle.loop(handle) >= loops.size()) {
            return;
        }
        PhoneLoop first = loops.get(Handle.loop(handle));
        first.loop().mailbox().answer(() -> resolve(first, handle, (loop, connection) -> {
            Session session = connection == null ? null : connection.find(endpointId);
            if (connection != null && session != null) {
                visit.at(loop, connection, session);
            } else if (connection != null && connection.phase() == Connection.LOGIN) {
                connection.mark(Connection.MISSED_PUSH);
            }
        }));
    }

    /** Asks all phones to leave within this time. */
    public void sayFarewell(int code, Duration within) {
        onEach(loop -> loop.farewell().begin(code, within));
    }

    public void cancelFarewell() {
        onEach(loop -> loop.farewell().cancel());
    }

    /** How long connections that drop from now on are kept. */
    public void parkFor(Duration ttl) {
        loops.forEach(loop -> loop.parking().ttl(ttl));
    }

    public int parked() {
        return loops.stream().mapToInt(loop -> loop.parking().parked()).sum();
    }

    /** Walks of broadcasts that are on, each loop's counted. */
    public int walks() {
        return loops.stream().mapToInt(loop -> loop.broadcasts().walking()).sum();
    }

    /** Acks and attempts that no saver has confirmed. */
    public int endsWaiting() {
        return loops.stream().mapToInt(loop -> loop.outbox().size()).sum();
    }

    /** Uplinks that no coordinator has answered. */
    public int uplinksWaiting() {
        return loops.stream().mapToInt(loop -> loop.uplinks().waiting()).sum();
    }

    /** Bytes of those. */
    public int uplinkBytes() {
        return loops.stream().mapToInt(loop -> loop.uplinks().waitingBytes()).sum();
    }

    /** Connections in all tables, parked ones included; a moment old. */
    public int connections() {
        return loops.stream().mapToInt(loop -> loop.loop().table().connections()).sum();
    }
}
