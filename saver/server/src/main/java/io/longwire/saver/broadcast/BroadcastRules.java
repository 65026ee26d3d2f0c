package io.longwire.saver.broadcast;

import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Percent;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.Pace;
import io.longwire.saver.append.Envelope;

/** What a broadcast may be, and what it may become. A broken rule is an IllegalArgumentException. */
final class BroadcastRules {
    /** The most bytes of an audience: pages of broadcasts stay small. */
    static final int MAX_AUDIENCE = 64 << 10;
    /** Of one to a list, so that whoever takes it for one of rooms sends it to nobody. */
    static final Audience NOBODY = Audience.newBuilder().setPercent(Percent.getDefaultInstance()).build();
    private static final int MAX_LABEL = 120;
    private static final int MAX_REASON = 500;

    private BroadcastRules() {
    }

    /** Nobody gets it any more, for good. */
    static boolean isOver(State state) {
        return state == State.CANCELLED || state == State.ENDED;
    }

    /** What center gave, complete but for its sequence. */
    static Broadcast made(Broadcast given, long now) {
        require(given.getBroadcastId() > 0 && given.getAppId() != 0, "broadcast_id, app_id",
                given.getBroadcastId() + ", " + given.getAppId(), "a message id and an app");
        require(given.getState() == State.RUNNING || given.getState() == State.HELD, "state",
                given.getState().toString(), "RUNNING or HELD");
        require(given.getExpireAtMs() > now, "expire_at_ms", Long.toString(given.getExpireAtMs()), "later than now");
        require(!given.getEnvelope().isEmpty() && given.getEnvelope().size() <= Envelope.MAX_BYTES, "envelope",
                given.getEnvelope().size() + " bytes", "1 to " + Envelope.MAX_BYTES);
        require(given.getAudience().getSerializedSize() <= MAX_AUDIENCE, "audience",
                given.getAudience().getSerializedSize() + " bytes", "at most " + MAX_AUDIENCE);
        CompiledAudience.compile(given.getAudience());
        pace(given.getPace());
        double percent = given.getCanary().getPercent();
        require(!given.hasCanary() || (percent > 0 && percent < 100), "canary.percent", Double.toString(percent),
                "above 0, below 100");
        require(given.getLabel().length() <= MAX_LABEL, "label", given.getLabel().length() + " characters",
                "at most " + MAX_LABEL);
        approver(given.getApprovedBy());
        if (given.getListId() != 0) {
            return toList(given, now);
        }
        return begun(given, now);
    }

    private static Broadcast toList(Broadcast given, long now) {
        require(given.getAudience().equals(Audience.getDefaultInstance()), "audience",
                given.getAudience().getSerializedSize() + " bytes and list_id", "one of both");
        require(!given.hasCanary(), "canary", "given with list_id",
                "none: what a stop condition asks is not counted of lists");
        return begun(given, now).toBuilder().setAudience(NOBODY).build();
    }

    private static Broadcast begun(Broadcast given, long now) {
        return given.toBuilder().setVersion(1).setStage(given.hasCanary() ? 0 : 1).setStageMs(now)
                .setCreatedMs(given.getCreatedMs() == 0 ? now : given.getCreatedMs())
                .setReason(reason(given.getReason())).build();
    }

    /**
     * What it is after the change; itself when the change is none, comes too late (another version) or is not to be
     * had from where it is.
     */
    static Broadcast changed(Broadcast there, BroadcastChange change, long now) {
        State to = change.getState() == State.ABSENT ? there.getState() : change.getState();
        int stage = change.getStage() == 0 ? there.getStage() : change.getStage();
        boolean late = change.getIfVersion() != 0 && change.getIfVersion() != there.getVersion();
        if (late || isOver(there.getState()) || !reaches(there.getState(), to, stage)
                || (stage != there.getStage() && !walks(there.getState()))) {
            return there;
        }
        var changed = there.toBuilder().setState(to).setStage(stage);
        boolean approved = there.getState() == State.HELD && to == State.RUNNING;
        if (approved || stage != there.getStage()) { // nothing is walked while it is held
            changed.setStageMs(now);
        }
        if (change.hasPace()) {
            changed.setPace(change.getPace());
        }
        if (to != there.getState() || !change.getReason().isEmpty()) {
            changed.setReason(reason(change.getReason()));
        }
        if (!change.getApprovedBy().isEmpty()) {
            changed.setApprovedBy(change.getApprovedBy());
        }
        if (change.getOverruled() && there.hasCanary()) {
            changed.setCanary(there.getCanary().toBuilder().setOverruled(true));
        }
        return changed.build().equals(there) ? there : changed.setVersion(there.getVersion() + 1).build();
    }

    private static boolean reaches(State from, State to, int stage) {
        return from == to || switch (to) {
            case RUNNING -> from == State.HELD || from == State.PAUSED;
            case PAUSED -> from == State.RUNNING;
            case WALKED -> walks(from) && stage == 1;
            default -> to == State.CANCELLED;
        };
    }

    private static boolean walks(State state) {
        return state == State.RUNNING || state == State.PAUSED;
    }

    /** Refuses what no broadcast can be changed to. */
    static void check(BroadcastChange change) {
        require(switch (change.getState()) {
            case ABSENT, RUNNING, PAUSED, WALKED, CANCELLED -> true;
            default -> false;
        }, "state", change.getState().toString(), "RUNNING, PAUSED, WALKED or CANCELLED");
        require(change.getStage() == 0 || change.getStage() == 1, "stage", Integer.toString(change.getStage()), "1");
        pace(change.getPace());
        approver(change.getApprovedBy());
    }

    private static void pace(Pace pace) {
        require(pace.getRatePerSecond() >= 0 && pace.getDurationS() >= 0
                && (pace.getRatePerSecond() == 0 || pace.getDurationS() == 0), "pace",
                Integer.toUnsignedString(pace.getRatePerSecond()) + " a second, "
                        + Integer.toUnsignedString(pace.getDurationS()) + " s",
                "at most one of both, below 2^31");
    }

    private static void approver(String name) {
        require(name.length() <= MAX_LABEL, "approved_by", name.length() + " characters", "at most " + MAX_LABEL);
    }

    private static String reason(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
    }

    private static void require(boolean holds, String name, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
