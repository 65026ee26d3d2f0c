package io.longwire.keeper.server.config;

import io.longwire.rpc.keeper.ConfigCode;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.RollbackRequest;
import io.longwire.rpc.keeper.Rollout;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class RollbackTest {
    private static final long NOW = 1_800_000_000_000L;

    @Test
    void endsTheRolloutThatTheCallerSawAndNothingElse() {
        ConfigState state = deployed(1, 2, 3).toBuilder().setCandidate(4).setRollout(Rollout.newBuilder().setNumber(9)
                .setVersion(4).setState(Rollout.State.BAKING)).build();
        RollbackRequest request = RollbackRequest.newBuilder().setPart("room").setRollout(9).build();

        ConfigState after = Rollouts.rolledBack(state, request, "ada", NOW);

        assertThat(after.getInForce()).isEqualTo(3);
        assertThat(after.getCandidate()).isZero();
        changedMeanwhile(() -> Rollouts.rolledBack(after, request, "ada", NOW + 1));
        changedMeanwhile(() -> Rollouts.rolledBack(Rollouts.back(state, "keeper", "worse", NOW), request, "ada", NOW));
    }

    @Test
    void putsTheVersionOfBeforeInForceOnce() {
        ConfigState state = deployed(1, 2, 3);
        RollbackRequest request = RollbackRequest.newBuilder().setPart("room").setInForce(3).build();

        ConfigState after = Rollouts.rolledBack(state, request, "ada", NOW);

        assertThat(after.getInForce()).isEqualTo(2);
        changedMeanwhile(() -> Rollouts.rolledBack(after, request, "ada", NOW + 1));
        changedMeanwhile(() -> Rollouts.rolledBack(state.toBuilder().setCandidate(4).build(), request, "ada", NOW));
        assertThat(Rollouts.rolledBack(after, request.toBuilder().setInForce(2).build(), "ada", NOW).getInForce())
                .as("a second one goes further back").isEqualTo(1);
    }

    @Test
    void goesToANamedVersionAlsoFromARollout() {
        ConfigState state = deployed(1, 2, 3).toBuilder().setCandidate(4).setRollout(Rollout.newBuilder().setNumber(9)
                .setVersion(4).setState(Rollout.State.HALTED)).build();

        ConfigState after = Rollouts.rolledBack(state, RollbackRequest.newBuilder().setPart("room").setVersion(1)
                .build(), "ada", NOW);

        assertThat(after.getInForce()).isEqualTo(1);
        assertThat(after.getHead()).isEqualTo(1);
        assertThat(after.getRollout().getNumber()).isEqualTo(10);
    }

    private static ConfigState deployed(long... versions) {
        ConfigState state = ConfigState.getDefaultInstance();
        for (long version : versions) {
            state = Rollouts.inForce(state, version, "ada", "rollout", NOW);
        }
        return state;
    }

    private static void changedMeanwhile(ThrowingCallable call) {
        ConfigRefused refused = catchThrowableOfType(ConfigRefused.class, call);
        assertThat(refused.code()).isEqualTo(ConfigCode.CHANGED_MEANWHILE);
        assertThat(refused).hasMessageContaining("(expected: ");
    }
}
