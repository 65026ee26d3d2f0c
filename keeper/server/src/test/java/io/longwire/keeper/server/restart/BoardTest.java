package io.longwire.keeper.server.restart;

import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

final class BoardTest {
    private final CompletableFuture<Void> stands = new CompletableFuture<>();
    private final Board board = new Board(RestartState.getDefaultInstance(), state -> {
        if (state.getPhase() == Phase.PAUSED) {
            stands.complete(null);
        }
    });

    @ParameterizedTest
    @EnumSource(value = Phase.class, names = {"DONE", "ABORTED", "FAILED"})
    void whatIsOverStaysSo(Phase over) {
        board.change(now -> now.toBuilder().setPhase(over).setReason("so").build());
        assertThat(board.resume()).isFalse();
        assertThat(board.pause("by an operator")).isFalse();
        assertThat(board.abort()).isFalse();
        assertThat(board.now().getPhase()).isEqualTo(over);
        assertThat(board.now().getReason()).isEqualTo("so");
    }

    @Test
    void aResumeDoesNotPassAFindingThatNobodySaw() throws Exception {
        board.pause("by an operator");
        board.found("a loss");
        assertThat(board.resume()).as("meant for the pause").isTrue();
        CompletableFuture<Boolean> goes = CompletableFuture.supplyAsync(() -> {
            try {
                return board.goesOn();
            } catch (InterruptedException ending) {
                return false;
            }
        });
        stands.get(10, TimeUnit.SECONDS);
        assertThat(board.now().getReason()).isEqualTo("gate: a loss");
        board.pause("by an operator");
        assertThat(board.now().getReason()).as("still to be seen").isEqualTo("gate: a loss");
        board.resume();
        assertThat(goes.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(board.now().getPhase()).isEqualTo(Phase.RUNNING);
        assertThat(board.now().getReason()).isEmpty();
    }

    @Test
    void nobodyPausesOrAbortsTheLastWave() {
        assertThat(board.begins(false)).isTrue();
        assertThat(board.pause("by an operator")).isTrue();
        assertThat(board.begins(true)).as("asked for before it began").isFalse();
        assertThat(board.resume()).isTrue();

        assertThat(board.begins(true)).isTrue();

        assertThat(board.pause("by an operator")).isFalse();
        assertThat(board.abort()).isFalse();
        assertThat(board.now().getReason()).isEmpty();
    }
}
