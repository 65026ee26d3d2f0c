package io.longwire.room.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Connect;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.WalkStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * All broadcasts on one loop: what the room has in force is looked at before each use, so that a pause holds from the
 * next chunk on. Walks share the loop with everything else: one chunk of one walk in a turn, then the sockets have
 * theirs, and no turn at all while the loop is late by 50 ms. Owner: the loop.
 */
public final class LoopBroadcasts {
    private static final int COUNTS = 4;
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Loop loop;
    private final BroadcastParts parts;
    private final WalkTools tools;
    private final Long2ObjectHashMap<LoopWalk> walks = new Long2ObjectHashMap<>();
    private final List<LoopWalk> inTurn = new ArrayList<>();
    private final ArrayDeque<AudienceCount> counting = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private ActiveList list = ActiveList.EMPTY;
    private int next;
    private int lastTick;
    private boolean scheduled;
    private long scheduledNanos;
    private volatile int walking; // written by the loop, read by gauges

    /** @param loops of the room */
    public LoopBroadcasts(Loop loop, BroadcastParts parts, int loops, Metrics metrics) {
        this.loop = loop;
        this.parts = parts;
        this.tools = new WalkTools(loop, loops, parts.store(), this::schedule, metrics);
    }

    // ---- logins

    /** Keeps what the phone tells of itself. It has proved who it is. */
    public void onConnect(Connection connection, Connect connect) {
        connection.traits(parts.traits().of(connect));
    }

    /** What a binding says it has; without state: everything that there is now. */
    public BroadcastSeen seen(int appId, ByteString bytes) throws ProtocolError {
        return bytes.isEmpty()
                ? BroadcastSeen.of(parts.board().list().ofApp(appId).lastSeq())
                : BroadcastSeen.decode(bytes);
    }

    /** The floor for the result of a binding; 1 or more. */
    public long floor(int appId, ByteString bytes, BroadcastSeen seen) {
        long floor = parts.board().list().ofApp(appId).floor();
        return bytes.isEmpty() ? Math.max(floor, seen.floor()) : floor;
    }

    /**
     * The phone has been told that the session is bound: from now on broadcasts may be written to it.
     *
     * @param again on the socket it was bound to before
     */
    public void onBound(Connection connection, Session session, BroadcastSeen seen, boolean again) {
        session.clear(Session.BINDING);
        sync();
        for (ActiveBroadcast one : list.ofApp(session.appId()).active()) {
            LoopWalk walk = walks.get(one.id());
            if (walk != null) {
                walk.onBound(connection, session, seen.contains(one.seq()), again);
            }
        }
    }

    /** The app of the session runs again. */
    public void onReady(Connection connection, Session session) {
        sync();
        for (ActiveBroadcast one : list.ofApp(session.appId()).active()) {
            LoopWalk walk = walks.get(one.id());
            if (walk != null) {
                walk.onReady(connection, session);
            }
        }
    }

    /** A phone for which something of low priority waits was heard. */
    public void onHeard(Connection connection) {
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            if (session.bound() && !session.is(Session.NOT_READY)) {
                onReady(connection, session);
            }
        }
    }

    // ---- what phones say

    /** An ack of a broadcast; a sequence that is none is passed over and counted. */
    public void onAck(Session session, long seq, int status) {
        sync();
        ActiveBroadcast one = list.ofApp(session.appId()).bySeq(seq);
        LoopWalk walk = one == null ? null : walks.get(one.id());
        if (walk == null) {
            tools.strange.increment();
        } else {
            walk.onAck(session, status);
        }
    }

    /** The socket of a logged-in phone is gone, and the phone or the network did it. */
    public void onDropped(Connection connection) {
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).onDropped(connection);
        }
    }

    // ---- walks

    /** How far a stage of a broadcast is on this loop; finished if there is no such broadcast (any more). */
    public WalkStatus status(long broadcastId, int stage) {
        sync();
        LoopWalk walk = walks.get(broadcastId);
        return walk == null ? WalkStatus.newBuilder().setFinished(true).build() : walk.status(stage);
    }

    /** Counts the sessions of an app that are in an audience; answers on this loop. Fails if it is at 4 already. */
    public void count(int appId, CompiledAudience audience, CompletableFuture<CountReply> answer) {
        if (counting.size() == COUNTS) {
            answer.completeExceptionally(
                    new IllegalStateException("counts: " + COUNTS + " are under way (expected: fewer)"));
            return;
        }
        counting.add(new AudienceCount(tools, appId, audience, answer));
        schedule();
    }

    /** Walks that are on. Any thread. */
    public int walking() {
        return walking;
    }

    /** Called every 50 ms. */
    public void onTick() {
        boolean late = loop.now() - lastTick > 2;
        boolean second = loop.now() / Loop.TICKS_PER_SECOND != lastTick / Loop.TICKS_PER_SECOND;
        lastTick = loop.now();
        sync();
        int on = 0;
        for (int i = 0; i < inTurn.size(); i++) {
            on += inTurn.get(i).isOn() ? 1 : 0;
            if (second) {
                inTurn.get(i).onSecond(parts.notes());
            }
        }
        walking = on;
        if (!late && !(inTurn.isEmpty() && counting.isEmpty())) {
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            scheduledNanos = loop.clock().nanos();
            loop.mailbox().later(turn);
        }
    }

    private void turn() {
        scheduled = false;
        loop.sample();
        if (loop.clock().nanos() - scheduledNanos > LATE_NANOS) {
            return; // the next tick that is in time goes on
        }
        sync();
        boolean more = false;
        for (int i = 0; i < inTurn.size() && !more; i++) { // who has nothing to do costs nothing
            next = next + 1 < inTurn.size() ? next + 1 : 0;
            more = inTurn.get(next).step();
        }
        more |= !counting.isEmpty() && countChunk();
        if (more) {
            schedule();
        }
    }

    private boolean countChunk() {
        boolean more = false;
        for (int i = counting.size(); i > 0 && !more; i--) { // in turn, as the walks
            AudienceCount one = counting.remove();
            more = one.step();
            if (!one.isDone()) {
                counting.add(one);
            }
        }
        return more;
    }

    private void sync() {
        ActiveList now = parts.board().list();
        if (now.number() == list.number()) {
            return;
        }
        list = now;
        for (int i = inTurn.size() - 1; i >= 0; i--) {
            LoopWalk walk = inTurn.get(i);
            if (now.byId(walk.active().id()) == null) {
                walk.onSecond(parts.notes());
                inTurn.remove(i);
                walks.remove(walk.active().id());
            }
        }
        for (ActiveBroadcast one : now.all()) {
            LoopWalk walk = walks.get(one.id());
            if (walk == null) {
                walk = new LoopWalk(one, tools);
                walks.put(one.id(), walk);
                inTurn.add(walk);
            } else {
                walk.update(one);
            }
        }
    }
}
