package io.longwire.center.revoke;

import com.google.protobuf.ByteString;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.api.Problems;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Post;
import io.longwire.center.send.RevokePushes;
import io.longwire.center.send.Router;
import io.longwire.center.send.Rules;
import io.longwire.center.send.Sender;
import io.longwire.center.status.Presence;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.center.RevokeReply;
import io.longwire.rpc.center.RevokeRequest;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.rpc.saver.Timeline;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class RevokesTest {
    private static final EndpointNames NAMES = new EndpointNames(new EndpointId(new byte[32]));

    private final VirtualClock clock = new VirtualClock();
    private final FakeNeighbours parts = new FakeNeighbours();
    private final FakeMetrics metrics = new FakeMetrics();
    private final FakeCluster cluster = FakeCluster.of("center");
    private final MessageIds ids = new MessageIds(clock, cluster);
    private final long message = ids.mint();
    private final Revokes revokes = revokes();

    @Test
    void endsWhatWaitsAndTellsThePhoneInCaseItsAckWasLost() throws Exception {
        cancelled(EndResult.Code.ENDED_NOW, How.NONE);
        parts.lookupAnswers.add(FakeNeighbours.offline());

        assertThat(revoke()).isEqualTo(counts(1, 0, 0));
        assertThat(parts.events).contains("cancel 1");
        assertThat(Push.parseFrom(parts.appended.getFirst().getEnvelope()).getKind()).isEqualTo(PushKind.KIND_REVOKE);
    }

    @Test
    void tellsThePhoneThatHasItToTakeItBack() throws Exception {
        cancelled(EndResult.Code.ALREADY_ENDED, How.ACKED);
        parts.timeline = Timeline.newBuilder().setExpireAtMs(clock.wallMillis() + Duration.ofHours(5).toMillis())
                .build();

        assertThat(revoke()).isEqualTo(counts(0, 1, 0));

        var stored = parts.appended.getFirst();
        var push = Push.parseFrom(stored.getEnvelope());
        assertThat(push.getKind()).isEqualTo(PushKind.KIND_REVOKE);
        assertThat(push.getReplaces()).isEqualTo(message);
        assertThat(push.getMessageId()).isNotEqualTo(message);
        assertThat(push.getPayload().isEmpty()).isTrue();
        assertThat(stored.getReplaces()).isZero(); // no store collapses what has ended
        assertThat(stored.getExpireAtMs() - push.getAcceptedMs()).isEqualTo(Duration.ofHours(5).toMillis());
        assertThat(stored.hasIdempotency()).isTrue();
    }

    @Test
    void livesAnHourAtLeast() throws Exception {
        cancelled(EndResult.Code.ALREADY_ENDED, How.ACKED);
        parts.timeline = Timeline.newBuilder().setExpireAtMs(clock.wallMillis() - 5).build();
        revoke();

        var push = Push.parseFrom(parts.appended.getFirst().getEnvelope());
        assertThat(push.getExpireAtMs() - push.getAcceptedMs()).isEqualTo(Duration.ofHours(1).toMillis());
    }

    @Test
    void tellsThePhoneToWhichItWasWrittenWithoutAnAckYet() {
        cancelled(EndResult.Code.ENDED_NOW, How.NONE);
        parts.told = ControlResult.newBuilder().setWrittenMs(1).build();
        assertThat(revoke()).isEqualTo(counts(0, 1, 0));

        parts.told = ControlResult.newBuilder().setCode(ControlResult.Code.BUSY).build(); // it may have been written
        assertThat(revoke()).isEqualTo(counts(0, 1, 0));

        parts.told = ControlResult.getDefaultInstance();
        parts.timeline = Timeline.newBuilder().setAttempts(1).build();
        parts.lookupAnswers.add(FakeNeighbours.offline());
        assertThat(revoke()).isEqualTo(counts(0, 1, 0));

        parts.timeline = Timeline.getDefaultInstance();
        assertThat(revoke()).isEqualTo(counts(1, 0, 0)); // online, and its room has not got to it
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPIRED", "COLLAPSED", "OVERFLOWED", "DEAD", "DELETED", "REJECTED"})
    void isTooLateForWhatEndedOtherwise(How how) {
        cancelled(EndResult.Code.ALREADY_ENDED, how);

        assertThat(revoke()).isEqualTo(counts(0, 0, 1));
        assertThat(parts.events).doesNotContain("append");
    }

    @Test
    void isTooLateWhereTheEndpointTakesNothingAnyMore() {
        cancelled(EndResult.Code.ALREADY_ENDED, How.ACKED);
        parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.REJECTED));

        assertThat(revoke()).isEqualTo(counts(0, 0, 1));
    }

    @Test
    void countsTheSameWhenItIsAskedAgain() {
        cancelled(EndResult.Code.ALREADY_ENDED, How.CANCELLED);
        assertThat(revoke()).isEqualTo(counts(1, 0, 0));
        cancelled(EndResult.Code.ALREADY_ENDED, How.ACKED);
        parts.appendAnswers.add(CompletableFuture.completedFuture(
                AppendResult.newBuilder().setCode(AppendResult.Code.DUPLICATE).setMessageId(9).build()));
        assertThat(revoke()).isEqualTo(counts(0, 1, 0));
    }

    @Test
    void takesBackAMessageFromAllItWentTo() {
        var endpoints = ByteBuffer.allocate(320);
        for (int i = 1; i <= 40; i++) {
            endpoints.putLong(i);
        }
        parts.heads.heads.put(message, MessageHead.newBuilder().setAppId(3).setMessageId(message)
                .setExpireAtMs(clock.wallMillis() + 9_000_000).setEndpoints(ByteString.copyFrom(endpoints.flip()))
                .build());
        cancelled(EndResult.Code.ALREADY_ENDED, How.ACKED);

        assertThat(revokes.revoke(3, request().build()).join()).isEqualTo(counts(0, 40, 0));
        assertThat(parts.appended).hasSize(40);
    }

    @Test
    void wantsTheEndpointOfAMessageWithoutAHead() {
        var refused = catchThrowable(() -> revokes.revoke(3, request().build()).join());

        assertThat(Problems.refused(refused).detail())
                .isEqualTo("endpoint: missing (expected: the endpoint, unless the message went to several)");
    }

    @Test
    void asksToBeAskedAgainWithoutTheLedger() {
        cancelled(EndResult.Code.UNAVAILABLE, How.NONE);

        var failure = catchThrowable(this::revoke);

        assertThat(Problems.refused(failure).why()).isEqualTo(Why.UNAVAILABLE);
    }

    private Revokes revokes() {
        var tools = new Sender.Tools(clock, HaltPoints.none(), metrics);
        var post = new Post(parts, new Router(parts, parts, () -> 1_000, tools), parts, () -> 1_000, tools);
        return new Revokes(new Rules(NAMES), parts, new Revokes.Parts(parts, new Presence(parts, parts, cluster),
                new RevokePushes(new Sender(ids, post, metrics), NAMES), clock), metrics);
    }

    private void cancelled(EndResult.Code code, How how) {
        parts.cancelled = CancelReply.newBuilder().setCode(code).setHow(how).build();
    }

    private RevokeReply revoke() {
        return revokes.revoke(3, request().setEndpoint(NAMES.text(3, 7)).build()).join();
    }

    private RevokeRequest.Builder request() {
        return RevokeRequest.newBuilder().setMessageId(MessageId.text(message));
    }

    private RevokeReply counts(int pending, int sent, int tooLate) {
        return RevokeReply.newBuilder().setMessageId(MessageId.text(message)).setPending(pending).setSent(sent)
                .setTooLate(tooLate).build();
    }
}
