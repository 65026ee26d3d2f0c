package io.longwire.saver.broadcast;

import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BroadcastRulesTest {
    private static final Map<State, Set<State>> LEGAL = Map.of(State.HELD, Set.of(State.RUNNING, State.CANCELLED),
            State.RUNNING, Set.of(State.PAUSED, State.WALKED, State.CANCELLED), State.PAUSED,
            Set.of(State.RUNNING, State.WALKED, State.CANCELLED), State.WALKED, Set.of(State.CANCELLED));

    @Test
    void goesOnlyWhereItMay() {
        for (State from : EnumSet.range(State.HELD, State.ENDED)) {
            for (State to : EnumSet.range(State.RUNNING, State.CANCELLED)) {
                Broadcast there = there(from, 1);
                boolean legal = LEGAL.getOrDefault(from, Set.of()).contains(to);

                Broadcast changed = BroadcastRules.changed(there, to(to).build(), 9);

                assertThat(changed.getState()).as("%s to %s", from, to).isEqualTo(legal ? to : from);
                assertThat(changed.getVersion()).isEqualTo(legal ? 6 : 5);
            }
        }
    }

    @Test
    void reachesTheSecondStageOnceWhileItIsWalkedAndIsNotWalkedBefore() {
        Broadcast canary = there(State.RUNNING, 0);

        assertThat(BroadcastRules.changed(canary, to(State.WALKED).build(), 9)).isEqualTo(canary);
        Broadcast open = BroadcastRules.changed(canary, stage(), 9);
        assertThat(open.getStage()).isEqualTo(1);
        assertThat(open.getStageMs()).isEqualTo(9);
        assertThat(BroadcastRules.changed(open, stage(), 12)).isEqualTo(open);
        assertThat(BroadcastRules.changed(there(State.HELD, 0), stage(), 9).getStage()).isZero();
        assertThat(BroadcastRules.changed(there(State.PAUSED, 0), stage(), 9).getStage()).isEqualTo(1);
    }

    @Test
    void beginsItsStageWhenItIsApprovedAndNotWhenItGoesOn() {
        assertThat(BroadcastRules.changed(there(State.HELD, 0), to(State.RUNNING).build(), 9).getStageMs())
                .isEqualTo(9);
        assertThat(BroadcastRules.changed(there(State.PAUSED, 0), to(State.RUNNING).build(), 9).getStageMs())
                .isZero();
        assertThat(BroadcastRules.changed(there(State.HELD, 0), to(State.CANCELLED).build(), 9).getStageMs())
                .isZero();
    }

    @Test
    void changesAllOfItOrNothing() {
        Broadcast over = there(State.CANCELLED, 1);
        Broadcast walked = there(State.WALKED, 1);
        var change = to(State.PAUSED).setReason("stop").setApprovedBy("eve");
        change.getPaceBuilder().setRatePerSecond(3);

        assertThat(BroadcastRules.changed(over, change.clone().clearState().build(), 9)).isEqualTo(over);
        assertThat(BroadcastRules.changed(walked, change.build(), 9)).isEqualTo(walked);
        assertThat(BroadcastRules.changed(walked, change.clearState().build(), 9)).isEqualTo(walked.toBuilder()
                .setVersion(6).setReason("stop").setApprovedBy("eve").setPace(change.getPace()).build());
    }

    private static Broadcast there(State state, int stage) {
        return Broadcast.newBuilder().setBroadcastId(1).setState(state).setStage(stage).setVersion(5).build();
    }

    private static BroadcastChange.Builder to(State state) {
        return BroadcastChange.newBuilder().setBroadcastId(1).setIfVersion(5).setState(state);
    }

    private static BroadcastChange stage() {
        return BroadcastChange.newBuilder().setBroadcastId(1).setStage(1).build();
    }
}
