package io.longwire.center.status;

import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.register.client.Lookup;
import io.longwire.room.client.audience.Share;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Pace;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BroadcastReasonTest {
    private static final long NOW = Instant.parse("2026-06-01T14:00:00Z").toEpochMilli();
    private static final long ENDPOINT = 4711;

    private final Broadcast.Builder broadcast = Broadcast.newBuilder().setBroadcastId(77).setState(State.RUNNING)
            .setStage(1).setCreatedMs(NOW - 60_000).setExpireAtMs(NOW + 60_000);
    private final EndpointRecord.Builder endpoint = EndpointRecord.newBuilder().setEndpointId(ENDPOINT)
            .setState(EndpointRecord.State.ACTIVE).setCreatedMs(NOW - 90_000).setSeenMs(NOW - 30_000);
    private final BroadcastEndpoint.Builder known = BroadcastEndpoint.newBuilder();
    private Lookup session = FakeNeighbours.online();
    private ControlResult told = Presence.NOT_TOLD;

    private Reason reason() {
        var progress = BroadcastProgress.newBuilder().setBroadcast(broadcast).setTotal(1_000).setVisited(432);
        return BroadcastReason.of(known.setProgress(progress).setEndpoint(endpoint).build(),
                new Reason.Now(session, endpoint.build(), told, "room-7", NOW));
    }

    private String why(String code) {
        Reason reason = reason();
        assertThat(reason.state()).isEqualTo("waiting");
        assertThat(reason.code()).isEqualTo(code);
        return reason.why();
    }

    @Test
    void saysWhatThePhoneMadeOfIt() {
        known.setAcked(true);
        assertThat(reason().state()).isEqualTo("acked");
        known.setShown(true);
        assertThat(reason().state()).isEqualTo("shown");
        known.setClicked(true);
        broadcast.setState(State.CANCELLED);
        assertThat(reason().state()).as("whatever has become of the broadcast").isEqualTo("clicked");
    }

    @Test
    void saysHowFarTheWalkIs() {
        assertThat(why("walking")).isEqualTo("the walk is at 43.2 %; the endpoint is online at room-7");
        broadcast.setPace(Pace.newBuilder().setRatePerSecond(10));
        assertThat(why("walking")).isEqualTo("paced: the walk is at 43.2 %; the endpoint is online at room-7");
    }

    @Test
    void saysWhyNothingIsWritten() {
        broadcast.setState(State.PAUSED).setReason("lunch");
        assertThat(why("paused")).isEqualTo("paused: lunch");
        broadcast.setState(State.HELD).setReason("about 9 endpoints");
        assertThat(why("held")).isEqualTo("held: about 9 endpoints; it goes when the operator approves it");
        broadcast.setState(State.WALKED);
        session = FakeNeighbours.offline();
        assertThat(why("offline")).isEqualTo(
                "endpoint offline since 2026-06-01T13:59:30.000Z (last seen); delivered when it connects");
        session = Lookup.UNKNOWN;
        assertThat(why("presence_unknown")).isEqualTo("whether the endpoint is online is not known at the moment");
        session = FakeNeighbours.online();
        told = ControlResult.newBuilder().setCode(ControlResult.Code.NOT_READY).build();
        assertThat(why("app_not_running")).startsWith("app not running");
    }

    @Test
    void saysWhetherTheEndpointIsInTheCanary() {
        broadcast.setStage(0);
        double around = Share.of(ENDPOINT, 77) / 100.0;
        broadcast.setCanary(Canary.newBuilder().setPercent(around));
        assertThat(why("canary")).startsWith("canary: endpoint is not in the ");
        broadcast.setCanary(Canary.newBuilder().setPercent(around + 0.01));
        assertThat(reason().code()).isEqualTo("walking");
    }

    @Test
    void saysThatOnlyWhoeverIsThereWhenItIsMadeGetsIt() {
        endpoint.setCreatedMs(NOW - 59_999);
        assertThat(reason()).returns("not_in_audience", Reason::state).returns("registered_later", Reason::code);
        endpoint.setCreatedMs(NOW - 60_000);
        known.setOutside(true);
        assertThat(reason()).returns("not_in_audience", Reason::state).returns("not_in_audience", Reason::code);
        endpoint.setState(EndpointRecord.State.GONE);
        assertThat(reason()).returns("deleted", Reason::state).returns("endpoint_gone", Reason::code);
    }

    @Test
    void doesNotClaimToKnowMoreOfOneThatEveryRoomHasWalked() {
        broadcast.setState(State.WALKED);
        assertThat(why("walked")).contains("has not acked yet, or could not take it").doesNotContain("audience");
        broadcast.setAudience(Audience.newBuilder().addRegions("FR"));
        assertThat(why("walked")).endsWith("or its phone is not in the audience");
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED,cancelled,cancelled: wrong before the phone acked it",
            "ENDED,expired,expired at 2026-06-01T14:01:00.000Z before the phone acked it"})
    void saysHowItEnded(State state, String word, String sentence) {
        broadcast.setState(state).setReason("wrong");

        assertThat(reason()).isEqualTo(new Reason(word, word, sentence));
    }

    @Test
    void saysExpiredBeforeTheSaversDo() {
        broadcast.setExpireAtMs(NOW);

        assertThat(reason().code()).isEqualTo("expired");
    }
}
