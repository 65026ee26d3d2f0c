package io.longwire.center.ledger;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.rpc.center.ConservationRequest;
import io.longwire.rpc.saver.Conservation;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BooksTest {
    private final VirtualClock clock = new VirtualClock();
    private final List<CompletableFuture<Conservation>> scans = new ArrayList<>();
    private final List<io.longwire.rpc.saver.ConservationRequest> asked = new ArrayList<>();
    private final Books books = new Books(request -> {
        asked.add(request);
        scans.add(new CompletableFuture<>());
        return scans.getLast();
    }, clock);

    @Test
    void asksForTheLastHourUnlessATimeIsNamed() {
        var answer = books.conservation(3, ConservationRequest.getDefaultInstance());

        assertThat(asked.getFirst().getToMs()).isEqualTo(clock.wallMillis());
        assertThat(asked.getFirst().getFromMs()).isEqualTo(clock.wallMillis() - 3_600_000);
        scans.getFirst().complete(Conservation.newBuilder().setRows(9).putEnded("ACKED", 7).setLive(1).setGap(1)
                .build());
        assertThat(answer.join().getGap()).isEqualTo(1);
        assertThat(answer.join().getEndedMap()).containsEntry("acked", 7L);
    }

    @Test
    void scansNoMoreThanItsBoundAndLeavesRoomForOtherApps() {
        assertThat(books.conservation(3, ConservationRequest.getDefaultInstance())).isNotDone();
        assertThat(books.conservation(3, ConservationRequest.getDefaultInstance())).isNotDone();

        var busy = catchThrowableOfType(Refused.class,
                () -> books.conservation(3, ConservationRequest.getDefaultInstance()));
        assertThat(busy.why()).isEqualTo(Why.BUSY);
        assertThat(books.conservation(4, ConservationRequest.getDefaultInstance())).isNotDone();

        scans.forEach(scan -> scan.complete(Conservation.getDefaultInstance()));
        clock.advance(Duration.ofSeconds(1));
        assertThat(books.conservation(3, ConservationRequest.getDefaultInstance())).isNotDone();
    }
}
