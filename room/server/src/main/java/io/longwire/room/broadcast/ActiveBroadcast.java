package io.longwire.room.broadcast;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.client.audience.Share;
import io.longwire.room.session.SharedFrame;
import io.longwire.rpc.saver.Broadcast;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broadcast that is not over, as it is now, ready to be written, and the walk that was ordered. Immutable. */
final class ActiveBroadcast {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveBroadcast.class);
    static final int NO_STAGE = -1;

    private final Broadcast broadcast;
    private final Content content;
    private final int canaryBelow;
    private final int incarnation;
    private final long epoch;
    private final int orderedStage;
    private final int ratePerSecond;

    /** What never changes of a broadcast. */
    private record Content(@Nullable CompiledAudience audience, SharedFrame frame, boolean low) {
    }

    private ActiveBroadcast(Broadcast broadcast, Content content, int incarnation, long epoch, int orderedStage,
            int ratePerSecond) {
        this.broadcast = broadcast;
        this.content = content;
        this.canaryBelow = broadcast.hasCanary() ? Share.below(broadcast.getCanary().getPercent()) : 0;
        this.incarnation = incarnation;
        this.epoch = epoch;
        this.orderedStage = orderedStage;
        this.ratePerSecond = ratePerSecond;
    }

    /** One that nobody has ordered a walk of: a room that walks by itself does not go faster than all may. */
    static ActiveBroadcast of(Broadcast broadcast) {
        byte[] frame = new byte[PushFrames.frameSize(0, broadcast.getEnvelope().size())];
        PushFrames.frame(0, broadcast.getEnvelope(), frame, 0);
        return new ActiveBroadcast(broadcast, new Content(compile(broadcast), new SharedFrame(frame), isLow(broadcast)),
                0, 0,
                NO_STAGE, broadcast.getPace().getRatePerSecond());
    }

    /** The same broadcast after a change; what was ordered stays. Audience and envelope never change. */
    ActiveBroadcast changed(Broadcast later) {
        return new ActiveBroadcast(later, content, incarnation, epoch, orderedStage, ratePerSecond);
    }

    ActiveBroadcast paced(int perSecond) {
        return new ActiveBroadcast(broadcast, content, incarnation, epoch, orderedStage, perSecond);
    }

    /** @param of incarnation of this room: each has leases, and so epochs, of its own */
    ActiveBroadcast ordered(int of, long byEpoch, int stage, int perSecond) {
        return new ActiveBroadcast(broadcast, content, of, byEpoch, stage, perSecond);
    }

    private static @Nullable CompiledAudience compile(Broadcast broadcast) {
        try {
            return CompiledAudience.compile(broadcast.getAudience());
        } catch (IllegalArgumentException later) { // of a version that knows more conditions
            LOG.warn("broadcast {} of app {} is for nobody here: {}", broadcast.getBroadcastId(),
                    broadcast.getAppId(), later.getMessage());
            return null;
        }
    }

    private static boolean isLow(Broadcast broadcast) {
        try {
            return Push.parseFrom(broadcast.getEnvelope()).getPriority() == Priority.PRIORITY_LOW;
        } catch (InvalidProtocolBufferException unreadable) { // goes out as it is
            return false;
        }
    }

    Broadcast broadcast() {
        return broadcast;
    }

    long id() {
        return broadcast.getBroadcastId();
    }

    int appId() {
        return broadcast.getAppId();
    }

    long seq() {
        return broadcast.getSeq();
    }

    int version() {
        return broadcast.getVersion();
    }

    int stage() {
        return broadcast.getStage();
    }

    boolean isPaused() { return broadcast.getState() == Broadcast.State.PAUSED; }

    /** Cancelled or ended, and still listed for a moment. */
    boolean isOver() {
        return switch (broadcast.getState()) {
            case ABSENT, CANCELLED, ENDED -> true;
            case HELD, RUNNING, PAUSED, WALKED, UNRECOGNIZED -> false;
        };
    }

    /** All rooms have walked. */
    boolean isWalked() { return broadcast.getState() == Broadcast.State.WALKED; }

    /** Whether it may be written to a phone at this moment. */
    boolean flows(long wallMillis) {
        return (broadcast.getState() == Broadcast.State.RUNNING || broadcast.getState() == Broadcast.State.WALKED)
                && !hasExpired(wallMillis);
    }

    boolean hasExpired(long wallMillis) {
        return broadcast.getExpireAtMs() != 0 && broadcast.getExpireAtMs() <= wallMillis;
    }

    /** Whether some room has still to walk: it is kept in mind who had it. */
    boolean isOpen() {
        return switch (broadcast.getState()) {
            case HELD, RUNNING, PAUSED -> true;
            case ABSENT, WALKED, CANCELLED, ENDED, UNRECOGNIZED -> false;
        };
    }

    /** Null: it matches nobody. */
    @Nullable
    CompiledAudience audience() {
        return content.audience;
    }

    /** The whole PUSH frame, the same for every session. */
    SharedFrame frame() {
        return content.frame;
    }

    /** The stage whose walk reaches the endpoint. */
    int stageOf(long endpointId) {
        return canaryBelow > 0 && Share.of(endpointId, id()) < canaryBelow ? 0 : 1;
    }

    /** Of low priority: it does not wake a phone up. */
    boolean isLow() { return content.low; }

    boolean watchesDrops() {
        return broadcast.getCanary().getMaxDroppedPercent() > 0 && stage() == 0;
    }

    /** Of this room, when the walk was ordered. */
    int incarnation() {
        return incarnation;
    }

    /** Of the lease that ordered the walk. */
    long epoch() {
        return epoch;
    }

    /** The stage whose walk was ordered last, or {@link #NO_STAGE}. */
    int orderedStage() {
        return orderedStage;
    }

    /** The room's share of the pace; 0 = as fast as it can, or as {@link #durationSeconds} says. */
    int ratePerSecond() {
        return ratePerSecond;
    }

    /** How long each room's walk is to take; 0 = it does not say. */
    int durationSeconds() {
        return broadcast.getPace().getDurationS();
    }
}
