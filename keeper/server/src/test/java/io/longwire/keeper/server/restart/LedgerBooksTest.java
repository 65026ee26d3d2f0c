package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class LedgerBooksTest {
    private static final long BEGAN = 1_000;
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final List<ConservationRequest> asked = new ArrayList<>();

    @Test
    void addsUpTheDaysOfALongRestart() {
        var books = new LedgerBooks(time -> {
            asked.add(time);
            return Conservation.newBuilder().setRows(100).setGap(1).setHidden(2).build();
        }, BEGAN);

        Conservation account = books.account(BEGAN + 2 * DAY + 5).orElseThrow();

        assertThat(asked).extracting(ConservationRequest::getFromMs).containsExactly(BEGAN, BEGAN + DAY,
                BEGAN + 2 * DAY);
        assertThat(asked).extracting(ConservationRequest::getToMs).containsExactly(BEGAN + DAY, BEGAN + 2 * DAY,
                BEGAN + 2 * DAY + 5);
        assertThat(LedgerBooks.lost(account)).isEqualTo(9);
        var report = RestartReport.newBuilder();
        LedgerBooks.write(books.account(BEGAN + 5), report);
        assertThat(report.build()).isEqualTo(RestartReport.newBuilder().setMessagesCounted(true)
                .setMessagesAccepted(100).setMessagesLost(3).build());
    }

    @Test
    void saysThatNobodyCounted() {
        var books = new LedgerBooks(time -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        }, BEGAN);
        var report = RestartReport.newBuilder();

        LedgerBooks.write(books.account(BEGAN + 5), report);

        assertThat(report.getMessagesCounted()).isFalse();
    }
}
