package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.server.restart.LedgerBooks.Account;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class LedgerBooksTest {
    private static final long BEGAN = 1_000;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int MOST = 31; // asked each second for half a minute

    private interface Answer {
        Conservation give();
    }

    private final List<ConservationRequest> asked = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();

    @Test
    void addsUpTheDaysOfALongRestart() {
        LedgerBooks books = saying(says(1, 2));

        Account account = books.look(BEGAN + 2 * DAY + 5);

        assertThat(asked).extracting(ConservationRequest::getFromMs).containsExactly(BEGAN, BEGAN + DAY,
                BEGAN + 2 * DAY);
        assertThat(asked).extracting(ConservationRequest::getToMs).containsExactly(BEGAN + DAY, BEGAN + 2 * DAY,
                BEGAN + 2 * DAY + 5);
        assertThat(account.lost()).isEqualTo(9);
        var report = RestartReport.newBuilder();
        books.look(BEGAN + 5).write(report);
        assertThat(report.build()).isEqualTo(RestartReport.newBuilder().setMessagesCounted(true)
                .setMessagesAccepted(100).setMessagesLost(3).build());
    }

    @Test
    void saysThatNobodyCounted() {
        var report = RestartReport.newBuilder();

        saying(unavailable()).account(BEGAN + 5).write(report);

        assertThat(report.build()).isEqualTo(RestartReport.getDefaultInstance());
    }

    @Test
    void asksOnceWhereThereIsNoSaver() {
        Account account = saying(() -> {
            throw new RpcFailure(RpcFailure.Kind.NO_TARGET, "saver: no live member");
        }).account(BEGAN + 5);

        assertThat(account.counted()).isFalse();
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainWhenASaverDoesNotAnswer() {
        assertThat(saying(unavailable(), says(0, 0)).account(BEGAN + 5)).isEqualTo(new Account(true, 100, 0, true));
    }

    @Test
    void doesNotForgetALossWhenNoSaverAnswersAnyMore() {
        Account account = saying(says(1, 2), unavailable()).account(BEGAN + 5);

        assertThat(account).isEqualTo(new Account(true, 100, 3, false));
        assertThat(asked).as("somebody may answer yet").hasSize(MOST);
    }

    @Test
    void takesAnAnswerThatComesAfterSilence() {
        assertThat(saying(says(1, 2), unavailable(), says(0, 0)).account(BEGAN + 5))
                .isEqualTo(new Account(true, 100, 0, true));
    }

    @Test
    void doesNotTakeARowThatIsWrittenWhileItIsCountedForALoss() {
        assertThat(saying(says(-1, 0), says(0, 0)).account(BEGAN + 5)).isEqualTo(new Account(true, 100, 0, true));
        assertThat(saying(says(-1, 0)).account(BEGAN + 5)).isEqualTo(new Account(true, 100, 0, false));
    }

    @Test
    void seesAHiddenMessageBehindARowThatIsWrittenWhileItIsCounted() {
        assertThat(saying(says(-1, 1), says(0, 1)).account(BEGAN + 5)).isEqualTo(new Account(true, 100, 1, false));
        assertThat(saying(says(-1, 1)).account(BEGAN + 5)).isEqualTo(new Account(true, 100, 1, false));
    }

    @Test
    void seesTheLossOfOneDayBehindTheRowsOfAnother() {
        Account account = saying(says(1, 0), says(-1, 0)).look(BEGAN + DAY + 5);

        assertThat(account).isEqualTo(new Account(true, 200, 1, false));
    }

    // One after the other, the last for ever.
    private LedgerBooks saying(Answer... answers) {
        var left = new ArrayList<>(List.of(answers));
        return new LedgerBooks(time -> {
            asked.add(time);
            return (left.size() > 1 ? left.removeFirst() : left.getFirst()).give();
        }, BEGAN, clock, () -> clock.advance(Duration.ofSeconds(1)));
    }

    private static Answer says(long gap, long hidden) {
        return () -> Conservation.newBuilder().setRows(100).setGap(gap).setHidden(hidden).build();
    }

    private static Answer unavailable() {
        return () -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        };
    }
}
