package io.longwire.center.kick;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.audit.Audit;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.profile.Aliases;
import io.longwire.device.Code;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.room.client.KickOrder;
import io.longwire.rpc.center.KickAliasRequest;
import io.longwire.rpc.center.KickConnectionRequest;
import io.longwire.rpc.center.KickEndpointRequest;
import io.longwire.rpc.center.KickedEndpoint;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KicksTest {
    private static final EndpointNames NAMES = new EndpointNames(new EndpointId(new byte[32]));
    private static final String ENDPOINT = NAMES.text(3, 4711);

    private final VirtualClock clock = new VirtualClock();
    private final FakeNeighbours parts = new FakeNeighbours();
    private final FakeArchive archive = new FakeArchive(clock);
    private final Kicks kicks = new Kicks(NAMES, new Aliases(archive, Duration.ofSeconds(5), clock), parts, parts,
            new Audit(archive, new FakeMetrics()));

    @Test
    void tellsTheRoomCodeReasonAndTime() {
        assertThat(state(kick().setReason("account closed").setRetryAfterSeconds(60))).isEqualTo("kicked");

        assertThat(parts.kicked).containsExactly(new KickOrder(Code.KICKED, 60_000, "account closed", false));
    }

    @Test
    void asksTheOtherOwnerWhenTheRoomHasItNoMore() {
        parts.kickAnswers.add(CompletableFuture.completedFuture(ControlResult.Code.NOT_HERE));
        parts.elsewhereAnswers.add(FakeNeighbours.online());

        assertThat(state(kick())).isEqualTo("kicked");
        assertThat(parts.events).containsExactly("lookup", "kick 12 0", "lookup elsewhere", "kick 12 0");
    }

    @Test
    void nobodyIsTakenForOfflineWhomNobodyCouldAsk() {
        parts.kickAnswers.add(FakeNeighbours.failed(RpcFailure.Kind.DEADLINE));

        assertThat(state(kick())).isEqualTo("unknown");
    }

    @Test
    void goesRoundOnceOnly() {
        parts.kickAnswers.add(CompletableFuture.completedFuture(ControlResult.Code.NOT_HERE));
        parts.kickAnswers.add(CompletableFuture.completedFuture(ControlResult.Code.NOT_HERE));
        parts.elsewhereAnswers.add(FakeNeighbours.online());

        assertThat(state(kick())).isEqualTo("unknown");
    }

    @Test
    void sparesAnotherConnectionThanTheOneMeant() {
        assertThat(state(kick().setConnSeq(999))).isEqualTo("moved");
        assertThat(parts.kicked).isEmpty();
        assertThat(state(kick().setConnSeq(FakeNeighbours.SESSION.connSeq()))).isEqualTo("kicked");
    }

    @ParameterizedTest
    @EnumSource(value = ControlResult.Code.class, names = {"DONE", "PARKED", "BUSY"})
    void saysWhatTheRoomSaid(ControlResult.Code code) {
        parts.kickAnswers.add(CompletableFuture.completedFuture(code));

        assertThat(state(kick())).isEqualTo(code == ControlResult.Code.BUSY ? "busy" : "kicked");
    }

    @Test
    void kicksAllEndpointsOfAnAliasAsTheyAreNow() {
        assertThatThrownBy(() -> alias("anna")).hasMessageContaining(
                "alias: anna (expected: one that an endpoint has)");
        archive.endpoint(3, 4711);
        archive.endpoint(3, 4712);
        bind(4711);
        bind(4712);
        parts.lookupAnswers.add(FakeNeighbours.offline());
        parts.lookupAnswers.add(FakeNeighbours.online());

        assertThat(kicks.alias(3, KickAliasRequest.newBuilder().setAlias("anna").build()).join().getEndpointsList())
                .extracting(KickedEndpoint::getState).containsExactlyInAnyOrder("offline", "kicked");
    }

    @Test
    void aKickOfAConnectionIsOnRecordBeforeItIsDone() {
        var request = KickConnectionRequest.newBuilder().setAppId(3).setEndpoint(ENDPOINT).setReason("drill").build();

        assertThat(kicks.connection(request, "10.0.0.9").join().getState()).isEqualTo("kicked");

        assertThat(parts.kicked.getFirst().connection()).isTrue();
        assertThat(archive.audited()).extracting(AuditRecord::getAction).containsExactly("connection.kick");
        archive.auditAway = true;
        assertThatThrownBy(() -> kicks.connection(request, "10.0.0.9").join()).isNotNull();
        assertThat(parts.kicked).hasSize(1);
    }

    @Test
    void saysWhichRuleIsBroken() {
        assertThatThrownBy(() -> state(kick().setRetryAfterSeconds(3_601)))
                .hasMessage("retry_after_seconds: 3601 (expected: 0 to 3600; a ban lasts longer)");
        assertThatThrownBy(() -> state(kick().setReason("x".repeat(257))))
                .hasMessage("reason: 257 characters (expected: at most 256)");
        assertThatThrownBy(() -> state(kick().setReason("a\nb"))).hasMessageContaining("no control characters");
        assertThatThrownBy(() -> state(kick().setEndpoint("ep_x"))).hasMessageContaining("endpoint: ep_x");
    }

    private static KickEndpointRequest.Builder kick() {
        return KickEndpointRequest.newBuilder().setEndpoint(ENDPOINT);
    }

    private String state(KickEndpointRequest.Builder request) {
        return kicks.endpoint(3, request.build()).join().getState();
    }

    private void alias(String alias) {
        kicks.alias(3, KickAliasRequest.newBuilder().setAlias(alias).build()).join();
    }

    private void bind(long endpoint) {
        archive.updateProfile(ProfileUpdate.newBuilder().setAppId(3).setEndpointId(endpoint).addBindAliases("anna")
                .build());
    }
}
