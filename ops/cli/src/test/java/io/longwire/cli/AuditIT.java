package io.longwire.cli;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.Conservation;
import io.longwire.rpc.center.ConservationRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** {@code longwire audit} against a center that answers what the test says. */
class AuditIT {
    private final List<ConservationRequest> asked = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private volatile Conservation books = Conservation.getDefaultInstance();
    private Server center = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).build();

    @BeforeEach
    void start() throws IOException {
        center = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new CenterGrpc.CenterImplBase() {
                    @Override
                    public void getConservation(ConservationRequest request, StreamObserver<Conservation> answer) {
                        asked.add(request);
                        answer.onNext(books);
                        answer.onCompleted();
                    }
                }).build().start();
    }

    @AfterEach
    void end() throws InterruptedException {
        center.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void rightBooksEndWithZeroAndSumUp() {
        books = Conservation.newBuilder().setRows(30).putEnded("acked", 17).putEnded("expired", 1).setLive(12).build();

        assertThat(audit()).isZero();
        assertThat(out.toString()).contains("accepted  ", "acked", "17", "live", "12", "gap", "The books are right.");
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksForTheLastHourUnlessToldOtherwise() {
        assertThat(audit()).isZero();

        assertThat(Instant.parse(asked.getFirst().getFrom())).isCloseTo(Instant.now().minusSeconds(3600),
                within(1, ChronoUnit.MINUTES));
        assertThat(asked.getFirst().getTo()).as("the end, which is the server's now").isEmpty();
    }

    @Test
    void aGapEndsWithOne() {
        books = Conservation.newBuilder().setRows(30).putEnded("acked", 29).setGap(1).build();

        assertThat(audit()).isEqualTo(1);
        assertThat(out.toString()).contains("THE BOOKS ARE WRONG: 1 without an end or a place, 0 hidden.");
    }

    @Test
    void whatNoFetchFindsIsALossToo() {
        books = Conservation.newBuilder().setRows(1).setLive(1).setHidden(1).build();

        assertThat(audit("--json")).isEqualTo(1);
        assertThat(out.toString()).startsWith("{\"rows\":1,\"ended\":{},\"live\":1,\"gap\":0,\"hidden\":1");
    }

    @Test
    void aLongTimeIsAskedForInPiecesWithoutHoles() {
        books = Conservation.newBuilder().setRows(10).putEnded("acked", 10).build();

        assertThat(audit("--from", "2026-11-01T00:00:00Z", "--to", "2026-11-02T06:00:00Z", "--app", "7")).isZero();

        assertThat(asked).extracting(ConservationRequest::getFrom).containsExactly("2026-11-01T00:00:00Z",
                "2026-11-01T12:00:00Z", "2026-11-02T00:00:00Z");
        assertThat(asked).extracting(ConservationRequest::getTo).containsExactly("2026-11-01T12:00:00Z",
                "2026-11-02T00:00:00Z", "2026-11-02T06:00:00Z");
        assertThat(asked).allMatch(request -> request.getAppId() == 7);
        assertThat(out.toString()).contains("30");
    }

    private int audit(String... more) {
        var args = new java.util.ArrayList<>(List.of("audit", "--api", "http://127.0.0.1:" + center.getPort(), "--key",
                "lw_x"));
        args.addAll(List.of(more));
        var writer = new PrintWriter(out, true);
        return LongwireCli.run(writer, writer, args.toArray(String[]::new));
    }
}
