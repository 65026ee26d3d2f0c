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

    @Test
    void beginsNoRolloutOfWhatWasTakenBackWhileItWasProven() {
        ConfigState asked = deployed(1, 2, 3).toBuilder().setHead(4).setRollout(Rollout.newBuilder().setNumber(9))
                .build();
        Rollout mine = Rollout.newBuilder().setNumber(10).setVersion(4).setFrom(3).setAuthor("ada").setStartedMs(NOW)
                .build();
        Rollout bobs = mine.toBuilder().setAuthor("bob").setStartedMs(NOW - 1).build();

        ConfigState begun = Rollouts.begun(asked, asked, mine, true);
        assertThat(begun.getCandidate()).isEqualTo(4);
        assertThat(begun.getRollout()).isEqualTo(mine);
        assertThat(Rollouts.begun(begun, asked, mine, true)).as("its answer was lost").isEqualTo(begun);

        ConfigState back = Rollouts.back(Rollouts.begun(asked, asked, bobs, true), "keeper", "worse", NOW);
        changedMeanwhile(() -> Rollouts.begun(back, asked, mine, true));
        changedMeanwhile(() -> Rollouts.begun(back, asked, mine, false));
        changedMeanwhile(() -> Rollouts.begun(Rollouts.inForce(asked, 2, "bob", "", NOW), asked, mine, false));
        ConfigState another = asked.toBuilder().setHead(5).build();
        changedMeanwhile(() -> Rollouts.begun(another, asked, mine, true));
        assertThat(Rollouts.begun(another, asked, mine, false).getCandidate()).as("that was named").isEqualTo(4);
        assertThat(catchThrowableOfType(ConfigRefused.class, () -> Rollouts.begun(Rollouts.inForce(asked, 2, "bob", "",
                NOW), asked, mine, false))).hasMessage("version in force: 2 (expected: 3, as when the rollout was "
                        + "asked for): look again");
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
