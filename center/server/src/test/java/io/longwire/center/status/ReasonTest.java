package io.longwire.center.status;

import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.AckStatus;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Timeline;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReasonTest {
    private static final long NOW = Instant.parse("2026-06-01T14:00:00Z").toEpochMilli();
    private static final EndpointRecord SEEN = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE)
            .setSeenMs(NOW - 60_000).build();

    private ControlResult told = Presence.NOT_TOLD;

    @Test
    void saysSinceWhenTheEndpointIsOffline() {
        assertThat(why(waiting(), FakeNeighbours.offline(), SEEN))
                .isEqualTo("endpoint offline since 2026-06-01T13:59:00.000Z (last seen); delivered when it connects");
        assertThat(why(waiting(), FakeNeighbours.offline(), EndpointRecord.getDefaultInstance()))
                .isEqualTo("endpoint offline: it has never connected; delivered at its first connect");
    }

    @Test
    void saysThatTheAppIsNotRunning() {
        assertThat(why(waiting().setDeferredMs(NOW - 1000), FakeNeighbours.online(), SEEN)).isEqualTo(
                "app not running since 2026-06-01T13:59:59.000Z; the phone is connected, delivered when the app runs");
    }

    @Test
    void saysThatItIsInFlight() {
        assertThat(why(waiting().setWrittenMs(NOW - 5), FakeNeighbours.online(), SEEN)).isEqualTo(
                "in flight: written at 2026-06-01T13:59:59.995Z by room-7, waiting for the ack");
        assertThat(why(waiting().setDueMs(NOW + 20_000), FakeNeighbours.online(), SEEN)).isEqualTo(
                "in flight: the endpoint is online at room-7, waiting for the ack; looked at again at "
                        + "2026-06-01T14:00:20.000Z");
    }

    @Test
    void saysThatItIsParkedAfterDeliveriesWithoutAck() {
        assertThat(why(waiting().setAttempts(5), FakeNeighbours.online(), SEEN))
                .isEqualTo("parked: 5 deliveries without ack");
    }

    @Test
    void doesNotGuessWhenNobodyKnows() {
        assertThat(why(waiting(), Lookup.UNKNOWN, SEEN))
                .isEqualTo("whether the endpoint is online is not known at the moment");
    }

    @Test
    void saysWhatTheRoomKnows() {
        told = ControlResult.newBuilder().setWrittenMs(NOW - 5).build();
        assertThat(code(waiting().setAttempts(4))).isEqualTo("in_flight");
        told = ControlResult.newBuilder().setCode(ControlResult.Code.NOT_READY).build();
        assertThat(code(waiting())).isEqualTo("app_not_running");
        told = ControlResult.newBuilder().setCode(ControlResult.Code.PARKED).build();
        assertThat(code(waiting())).isEqualTo("connection_lost");
        told = ControlResult.newBuilder().setWindow(8).build();
        assertThat(why(waiting(), FakeNeighbours.online(), SEEN)).isEqualTo(
                "in flight: the endpoint is online at room-7, waiting for the ack behind 8 earlier messages");
    }

    @Test
    void saysUntilWhenALowOneMayWait() {
        assertThat(why(waiting().setLow(true).setDueMs(NOW + 600_000), FakeNeighbours.online(), SEEN)).isEqualTo(
                "low priority: waits for the phone's next wake-up, at the latest until 2026-06-01T14:10:00.000Z");
        assertThat(code(waiting().setLow(true).setDueMs(NOW - 1))).as("its window is over").isEqualTo("routed");
        assertThat(code(waiting().setDueMs(NOW + 600_000))).as("backed off, but not low").isEqualTo("routed");
    }

    @Test
    void saysWhenAParkedOneIsTriedAgain() {
        assertThat(why(waiting().setAttempts(4).setNotBeforeMs(NOW + 60_000), FakeNeighbours.online(), SEEN))
                .isEqualTo("parked: 4 deliveries without ack; tried again at 2026-06-01T14:01:00.000Z");
    }

    @Test
    void saysThatAnInboxIsBeingRebuilt() {
        assertThat(code(waiting().setSlotCold(true))).isEqualTo("slot_cold");
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED,1,revoked,revoked", "COLLAPSED,0,collapsed,collapsed", "COLLAPSED,1,collapsed,replaced",
            "DEAD,1,dead,dead_attempts", "DEAD,2,dead,dead_age", "REJECTED,1,rejected,rejected_full",
            "REJECTED,2,rejected,rejected_gone", "REJECTED,3,rejected,rejected_quota",
            "OVERFLOWED,0,overflowed,inbox_full"})
    void hasACodeForEveryEnd(How how, int code, String state, String reasonCode) {
        Reason reason = reason(ended(how).setCode(code), Lookup.UNKNOWN, SEEN);

        assertThat(reason.state()).isEqualTo(state);
        assertThat(reason.code()).isEqualTo(reasonCode);
    }

    @Test
    void namesTheMessageThatCollapsedIt() {
        assertThat(reason(ended(How.COLLAPSED).setReplacedBy(4096), Lookup.UNKNOWN, SEEN).why())
                .isEqualTo("collapsed at 2026-06-01T14:00:00.000Z by a newer message with the same collapse key, "
                        + MessageId.text(4096));
    }

    @Test
    void saysThatTheEndpointIsGone() {
        var gone = EndpointRecord.newBuilder().setState(EndpointRecord.State.GONE).build();

        assertThat(why(waiting(), FakeNeighbours.offline(), gone)).startsWith("endpoint gone");
    }

    @Test
    void saysExpiredBeforeTheLedgerDoes() {
        Reason reason = reason(waiting().setExpireAtMs(NOW), FakeNeighbours.offline(), SEEN);

        assertThat(reason.state()).isEqualTo("expired");
    }

    @Test
    void saysHowLongTheAckTook() {
        Reason reason = reason(ended(How.ACKED).setAcceptedMs(NOW - 40), FakeNeighbours.online(), SEEN);

        assertThat(reason).isEqualTo(new Reason("acked", "acked",
                "acked by the phone at 2026-06-01T14:00:00.000Z, 40 ms after it was accepted"));
    }

    @ParameterizedTest
    @CsvSource({"ACK_DECRYPT_FAILED, decrypt_failed, not shown: at 2026-06-01T14:00:00.000Z the phone said",
            "ACK_NOT_SEALED, not_sealed, not delivered: at 2026-06-01T14:00:00.000Z the endpoint was behind"})
    void saysWhyAnAckedOneWasNotShown(AckStatus status, String code, String why) {
        Reason reason = reason(ended(How.ACKED).setCode(status.getNumber()), FakeNeighbours.online(), SEEN);

        assertThat(reason.state()).isEqualTo("acked");
        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.why()).startsWith(why);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACKED", "EXPIRED", "CANCELLED", "COLLAPSED", "OVERFLOWED", "DEAD", "DELETED", "REJECTED"})
    void hasASentenceForEveryEnd(How how) {
        Reason reason = reason(ended(how), Lookup.UNKNOWN, SEEN);

        assertThat(reason.state()).isEqualToIgnoringCase(how.name());
        assertThat(reason.why()).hasSizeGreaterThan(20);
    }

    private static Timeline.Builder waiting() {
        return Timeline.newBuilder().setState(Timeline.State.WAITING).setAcceptedMs(NOW - 100)
                .setExpireAtMs(NOW + 1000);
    }

    private static Timeline.Builder ended(How how) {
        return Timeline.newBuilder().setState(Timeline.State.ENDED).setHow(how).setEndedMs(NOW);
    }

    private String code(Timeline.Builder timeline) {
        return reason(timeline, FakeNeighbours.online(), SEEN).code();
    }

    private String why(Timeline.Builder timeline, Lookup session, EndpointRecord endpoint) {
        Reason reason = reason(timeline, session, endpoint);
        assertThat(reason.state()).isEqualTo("waiting");
        return reason.why();
    }

    private Reason reason(Timeline.Builder timeline, Lookup session, EndpointRecord endpoint) {
        return Reason.of(timeline.build(), new Reason.Now(session, endpoint, told, "room-7", NOW));
    }
}
