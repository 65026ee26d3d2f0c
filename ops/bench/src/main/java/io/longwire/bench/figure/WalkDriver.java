package io.longwire.bench.figure;

import com.google.protobuf.ByteString;
import io.longwire.bench.message.Stamp;
import io.longwire.device.PushFrames;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.RoomGrpc;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastsGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Orders rooms to walk one broadcast after the other, as a center does that leases the walks; the saver is told of each
 * first, so that the rooms find it in the list of active ones. Used by one thread; its calls block.
 */
final class WalkDriver {
    private static final long LIFE_MILLIS = 3_600_000;
    private static final long DEADLINE_SECONDS = 10;
    private static final long STEP_NANOS = 10_000_000; // each look costs a room a call
    private static final int ALL = 1; // the stage

    private final RoomRig rig;
    private final int payloadBytes;
    private final int ratePerSecond;
    private final Clock clock;
    private final List<Walker> rooms;
    private final BroadcastsGrpc.BroadcastsBlockingStub saver;
    private final long firstId;
    private long sequence = 2; // as the first of an app
    private Broadcast broadcast = Broadcast.getDefaultInstance();

    /** A room that walks. */
    private record Walker(Member member, RoomGrpc.RoomBlockingStub stub) {
    }

    /** @param ratePerSecond over all rooms; 0 = as fast as they can */
    WalkDriver(RoomRig rig, int payloadBytes, int ratePerSecond) {
        Service self = rig.rig().self();
        this.rig = rig;
        this.payloadBytes = payloadBytes;
        this.ratePerSecond = ratePerSecond;
        this.clock = self.clock();
        this.rooms = rig.rooms().stream().map(member -> new Walker(member,
                RoomGrpc.newBlockingStub(self.rpc().channel(member.rpcAddress())))).toList();
        this.saver = BroadcastsGrpc.newBlockingStub(self.rpc().anyChannel("saver"));
        this.firstId = MessageId.firstOf(clock.wallMillis());
    }

    /** Of the broadcast that {@link #begin} will order. */
    long nextSequence() {
        return sequence;
    }

    /** Makes the next broadcast and has it walked; returns when that was ordered, Clock nanos. */
    long begin() {
        long began = clock.nanos();
        broadcast = broadcast(began);
        saver.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).create(broadcast);
        sequence++;
        for (Walker room : rooms) {
            WalkStatus status = status(room);
            for (; status.getCode() == WalkStatus.Code.LOADING; status = status(room)) {
                LockSupport.parkNanos(STEP_NANOS);
            }
            if (status.getCode() != WalkStatus.Code.OK) {
                throw new StartFailure("room: " + status.getCode() + " (expected: OK to the order to walk)", null);
            }
        }
        return began;
    }

    private Broadcast broadcast(long nanos) {
        long now = clock.wallMillis();
        int app = rig.endpoints().getFirst().appId();
        Push push = Push.newBuilder().setMessageId(firstId + sequence).setAppId(app).setBcastSeq(sequence)
                .setPayload(ByteString.copyFrom(Stamp.payload(payloadBytes, (int) sequence, 0, nanos)))
                .setExpireAtMs(now + LIFE_MILLIS).setAcceptedMs(now).setRoutedMs(now).build();
        return Broadcast.newBuilder().setBroadcastId(push.getMessageId()).setAppId(app).setSeq(sequence)
                .setState(Broadcast.State.RUNNING).setVersion(1).setCreatedMs(now)
                .setExpireAtMs(push.getExpireAtMs()).setEnvelope(ByteString.copyFrom(PushFrames.encode(push)))
                .setStage(ALL).setStageMs(now).build();
    }

    /** Repeats the order, which changes nothing, and returns how far the walk of each room is. */
    List<WalkStatus> status() {
        return rooms.stream().map(this::status).toList();
    }

    private WalkStatus status(Walker room) {
        var order = BroadcastOrder.newBuilder().setRoomIncarnation(room.member.index()).setEpoch(1)
                .setRatePerSecond(Math.ceilDiv(ratePerSecond, rooms.size())).setBroadcast(broadcast).build();
        return room.stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).walk(order);
    }

    /** Waits until the rooms have counted so many; returns when they had, or the patience ended, Clock nanos. */
    long await(ToLongFunction<WalkStatus> counted, long wanted, long patienceSeconds) {
        long end = clock.nanos() + patienceSeconds * 1_000_000_000L;
        while (status().stream().mapToLong(counted).sum() < wanted && clock.nanos() - end < 0) {
            LockSupport.parkNanos(STEP_NANOS);
        }
        return clock.nanos();
    }
}
