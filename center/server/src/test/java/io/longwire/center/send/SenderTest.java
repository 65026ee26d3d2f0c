package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.CenterConfig;
import io.longwire.center.CenterMetric;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.Session;
import io.longwire.rpc.center.Encryption;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.Priority;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.config.RunningConfig;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static io.longwire.center.fakes.FakeNeighbours.append;
import static io.longwire.center.fakes.FakeNeighbours.failed;
import static io.longwire.center.fakes.FakeNeighbours.offline;
import static io.longwire.center.fakes.FakeNeighbours.online;
import static org.assertj.core.api.Assertions.assertThat;

class SenderTest {
    private static final AppRecord APP = AppRecord.newBuilder().setAppId(3).setSendsPerSecond(100).build();
    private static final EndpointId ENDPOINTS = new EndpointId(new byte[32]);
    private static final long ENDPOINT = 0x1234_5678_9abcL;

    private final VirtualClock clock = new VirtualClock();
    private final FakeNeighbours parts = new FakeNeighbours();
    private final FakeMetrics metrics = new FakeMetrics();
    private final FakeCluster cluster = FakeCluster.of("center");
    private final Sender.Tools tools = new Sender.Tools(clock, HaltPoints.none(), metrics);
    private final RunningConfig<CenterConfig> config = new RunningConfig<>("{maxRouting: 7, maxInFlight: 3}",
            CenterConfig::read);
    private final Router router = new Router(parts, parts, config.live(CenterConfig::maxRouting)::get, tools);
    private final Post post = new Post(parts, router, parts, config.live(CenterConfig::maxInFlight)::get, tools);
    private final Sender sender = new Sender(new MessageIds(clock, cluster), post, metrics);
    private final Rules rules = new Rules(new EndpointNames(ENDPOINTS));

    @Test
    void storesThenLooksUpThenPushes() {
        var sent = send(request());

        assertThat(sent).isCompletedWithValueMatching(receipt -> receipt.status() == Receipt.Status.ACCEPTED);
        assertThat(parts.events).containsExactly("append", "lookup", "push 1000");
        assertThat(metrics.count(CenterMetric.ROUTED, "written")).isEqualTo(1);
    }

    @Test
    void neitherLooksUpNorPushesBeforeTheStoreHasAccepted() {
        var store = new CompletableFuture<AppendResult>();
        parts.appendAnswers.add(store);
        var sent = send(request());

        assertThat(parts.events).containsExactly("append");
        assertThat(sent).isNotDone();

        store.complete(AppendResult.newBuilder().setCode(AppendResult.Code.ACCEPTED).build());
        assertThat(sent).isCompleted();
        assertThat(parts.events).containsExactly("append", "lookup", "push 1000");
    }

    @Test
    void answersBeforeThePushIsDone() {
        parts.pushAnswers.add(new CompletableFuture<>());

        assertThat(send(request())).isCompleted();
        assertThat(router.underWay()).isEqualTo(1);
    }

    @Test
    void storesWhatItPushes() throws Exception {
        send(request());

        var stored = parts.appended.getFirst();
        var push = Push.parseFrom(stored.getEnvelope());
        assertThat(parts.pushed.getFirst().getEnvelope()).isEqualTo(stored.getEnvelope());
        assertThat(push.getSeq()).isZero();
        assertThat(push.getMessageId()).isEqualTo(stored.getMessageId());
        assertThat(push.getEndpointId()).isEqualTo(ENDPOINT);
        assertThat(push.getAppId()).isEqualTo(3);
        assertThat(push.getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(push.getExpireAtMs() - push.getAcceptedMs()).isEqualTo(Duration.ofDays(1).toMillis());
        assertThat(stored.getExpireAtMs()).isEqualTo(push.getExpireAtMs());
    }

    @Test
    void doesNotRouteWhatWasNotAccepted() {
        parts.appendAnswers.add(append(AppendResult.Code.KEY_CONFLICT));
        parts.appendAnswers.add(append(AppendResult.Code.REJECTED));
        parts.appendAnswers.add(append(AppendResult.Code.NO_ENDPOINT));
        parts.appendAnswers.add(append(AppendResult.Code.BUSY));

        assertThat(why(send(request()))).isEqualTo(Why.IDEMPOTENCY_CONFLICT);
        assertThat(why(send(request()))).isEqualTo(Why.REJECTED);
        assertThat(why(send(request()))).isEqualTo(Why.UNKNOWN_ENDPOINT);
        assertThat(why(send(request()))).isEqualTo(Why.BUSY);
        assertThat(parts.events).containsOnly("append");
        assertThat(post.inFlight()).isZero();
    }

    @Test
    void storesNothingForABannedEndpoint() {
        parts.banned.add(ENDPOINT);

        assertThat(why(send(request()))).isEqualTo(Why.BLOCKED);
        assertThat(parts.events).isEmpty();
        assertThat(post.inFlight()).isZero();
    }

    @Test
    void answersADuplicateWithTheMessageOfTheKeyAndRoutesNothing() {
        parts.appendAnswers.add(CompletableFuture.completedFuture(
                AppendResult.newBuilder().setCode(AppendResult.Code.DUPLICATE).setMessageId(42).build()));

        var sent = send(request());

        assertThat(sent.join().messageId()).isEqualTo(42);
        assertThat(sent.join().status()).isEqualTo(Receipt.Status.DUPLICATE);
        assertThat(parts.events).containsExactly("append");
    }

    @Test
    void knowsItsOwnEarlierTryWhenTheKeyIsThereAlready() {
        var second = new CompletableFuture<AppendResult>();
        parts.appendAnswers.add(failed(RpcFailure.Kind.DEADLINE));
        parts.appendAnswers.add(second);
        var sent = send(request().toBuilder().setIdempotencyKey("k").build());
        clock.advance(Duration.ofMillis(50));

        second.complete(AppendResult.newBuilder().setCode(AppendResult.Code.DUPLICATE)
                .setMessageId(parts.appended.getFirst().getMessageId()).build());

        assertThat(sent.join().status()).isEqualTo(Receipt.Status.ACCEPTED);
        assertThat(parts.events).containsExactly("append", "append", "lookup", "push 1000");
    }

    @Test
    void pushesWithTheIdInForce() throws Exception {
        long earlier = new MessageIds(clock, cluster).mint() - 4096;
        parts.appendAnswers.add(CompletableFuture.completedFuture(
                AppendResult.newBuilder().setCode(AppendResult.Code.ACCEPTED).setMessageId(earlier).build()));

        assertThat(send(request()).join().messageId()).isEqualTo(earlier);
        assertThat(Push.parseFrom(parts.pushed.getFirst().getEnvelope()).getMessageId()).isEqualTo(earlier);
    }

    @Test
    void mintsAnewOnceWhenTheIdIsStale() {
        parts.appendAnswers.add(append(AppendResult.Code.STALE_ID));

        assertThat(send(request())).isCompleted();
        assertThat(parts.appended).hasSize(2);
        assertThat(parts.appended.get(0).getMessageId()).isNotEqualTo(parts.appended.get(1).getMessageId());

        parts.appendAnswers.add(append(AppendResult.Code.STALE_ID));
        parts.appendAnswers.add(append(AppendResult.Code.STALE_ID));
        assertThat(why(send(request()))).isEqualTo(Why.UNAVAILABLE);
    }

    @Test
    void asksAgainWithTheSameIdWhenTheStoreDoesNotAnswer() {
        parts.appendAnswers.add(failed(RpcFailure.Kind.DEADLINE));
        parts.appendAnswers.add(append(AppendResult.Code.UNAVAILABLE));
        var sent = send(request());

        clock.advance(Duration.ofMillis(250));

        assertThat(sent).isCompletedWithValueMatching(receipt -> receipt.status() == Receipt.Status.ACCEPTED);
        assertThat(parts.appended).extracting(item -> item.getMessageId()).containsOnly(sent.join().messageId());
        assertThat(parts.events).containsExactly("append", "append", "append", "lookup", "push 1000");
    }

    @Test
    void givesUpAfterTheThirdTimeAndSaysSo() {
        for (int i = 0; i < 3; i++) {
            parts.appendAnswers.add(failed(RpcFailure.Kind.DISCONNECTED));
        }
        var sent = send(request());
        clock.advance(Duration.ofSeconds(1));

        assertThat(why(sent)).isEqualTo(Why.UNAVAILABLE);
        assertThat(clock.scheduled()).isZero();
        assertThat(post.inFlight()).isZero();
    }

    @Test
    void refusesAboveTheBoundOfMessagesInFlight() {
        parts.appendAnswers.add(new CompletableFuture<>());
        parts.appendAnswers.add(new CompletableFuture<>());
        send(request());
        send(request());

        assertThat(why(send(request()))).isEqualTo(Why.BUSY);
        assertThat(metrics.count(CenterMetric.IN_FLIGHT_FULL)).isEqualTo(1);
        assertThat(metrics.gauge(CenterMetric.IN_FLIGHT)).isEqualTo(2);
    }

    @Test
    void takesOverOtherBoundsAndKeepsThemWhenTheNextAreWrong() {
        for (int i = 0; i < 4; i++) {
            parts.appendAnswers.add(new CompletableFuture<>());
        }
        send(request());
        send(request());
        assertThat(why(send(request()))).isEqualTo(Why.BUSY);

        assertThat(config.lay("maxInFlight: 5")).isEmpty();
        assertThat(send(request())).as("there is room for one more").isNotDone();
        assertThat(why(send(request()))).isEqualTo(Why.BUSY);

        assertThat(config.lay("{maxInFlight: 0, maxRouting: 0}")).hasValueSatisfying(wrong -> assertThat(wrong)
                .contains("maxInFlight: 0 (expected: a whole number from 1 to 1000000)"));
        assertThat(config.lay("maxInFlight: 1")).isEmpty();
        assertThat(why(send(request()))).isEqualTo(Why.BUSY);
        assertThat(post.inFlight()).as("those under way go on").isEqualTo(3);
        assertThat(config.waiting()).isEmpty();
    }

    @Test
    void routesMoreAtOnceWhenItMay() {
        for (int i = 0; i < 6; i++) {
            parts.pushAnswers.add(new CompletableFuture<>());
        }
        assertThat(config.lay("maxRouting: 9")).isEmpty();
        for (int i = 0; i < 6; i++) {
            send(request());
        }

        assertThat(parts.pushed).hasSize(5);
    }

    @Test
    void refusesWhileFencedAndStoresNothing() {
        cluster.fence(true);

        assertThat(why(send(request()))).isEqualTo(Why.NOT_SERVING);
        assertThat(parts.events).isEmpty();
        assertThat(metrics.count(CenterMetric.NOT_MINTED)).isEqualTo(1);
    }

    @Test
    void asksTheOtherOwnerOnceWhenTheRoomHasNoSuchSession() {
        parts.pushAnswers.add(CompletableFuture.completedFuture(PushResult.Code.NOT_HERE));
        parts.elsewhereAnswers.add(new Lookup.Online(new Session(ENDPOINT, 2000, 8, 1), "register-2"));
        send(request());

        assertThat(parts.events).containsExactly("append", "lookup", "push 1000", "lookup elsewhere", "push 2000");

        parts.events.clear();
        parts.pushAnswers.add(CompletableFuture.completedFuture(PushResult.Code.NOT_HERE));
        parts.pushAnswers.add(CompletableFuture.completedFuture(PushResult.Code.NOT_HERE));
        parts.elsewhereAnswers.add(new Lookup.Online(new Session(ENDPOINT, 2000, 8, 1), "register-2"));
        send(request());
        assertThat(parts.events).containsExactly("append", "lookup", "push 1000", "lookup elsewhere", "push 2000");
        assertThat(router.underWay()).isZero();
    }

    @Test
    void triesAgainWithBackoffWhileNobodyKnowsTheSession() {
        parts.lookupAnswers.add(Lookup.UNKNOWN);
        parts.lookupAnswers.add(Lookup.UNKNOWN);
        parts.lookupAnswers.add(online());
        assertThat(send(request())).isCompleted();
        assertThat(parts.events).containsExactly("append", "lookup");

        clock.advance(Duration.ofMillis(249));
        assertThat(parts.events).hasSize(2);
        clock.advance(Duration.ofMillis(501));
        assertThat(parts.events).containsExactly("append", "lookup", "lookup", "lookup", "push 1000");
        assertThat(clock.scheduled()).isZero();
    }

    @Test
    void leavesItToTheDueSetAfterFiveTries() {
        for (int i = 0; i < 9; i++) {
            parts.lookupAnswers.add(Lookup.UNKNOWN);
        }
        send(request());
        clock.advance(Duration.ofMinutes(1));

        assertThat(parts.events).containsExactly("append", "lookup", "lookup", "lookup", "lookup", "lookup");
        assertThat(metrics.count(CenterMetric.ROUTED, "unknown")).isEqualTo(1);
        assertThat(router.underWay()).isZero();
    }

    @Test
    void triesAgainWhenTheRoomDoesNotAnswer() {
        parts.pushAnswers.add(failed(RpcFailure.Kind.DEADLINE));
        send(request());
        clock.advance(Duration.ofMillis(250));

        assertThat(parts.events).containsExactly("append", "lookup", "push 1000", "lookup", "push 1000");
    }

    @Test
    void looksAgainThreeSecondsAfterAColdAccept() {
        parts.lookupAnswers.add(offline());
        parts.appendAnswers.add(CompletableFuture.completedFuture(
                AppendResult.newBuilder().setCode(AppendResult.Code.ACCEPTED).setCold(true).build()));
        send(request());
        assertThat(parts.events).containsExactly("append", "lookup");

        clock.advance(Duration.ofSeconds(3));

        assertThat(parts.events).containsExactly("append", "lookup", "lookup", "push 1000");
        assertThat(router.underWay()).isZero();
    }

    @Test
    void routesNoMoreThanItsBoundAtOnce() {
        for (int i = 0; i < 5; i++) {
            parts.pushAnswers.add(new CompletableFuture<>());
        }
        for (int i = 0; i < 5; i++) {
            assertThat(send(request())).isCompleted();
        }

        assertThat(parts.pushed).hasSize(4);
        assertThat(metrics.count(CenterMetric.ROUTING_FULL)).isEqualTo(1);
    }

    @Test
    void neverStoresATransientMessage() {
        var written = send(request().toBuilder().setTtl("0s").build());
        parts.lookupAnswers.add(offline());
        var dropped = send(request().toBuilder().setClass_(MessageClass.TRANSIENT).build());
        parts.pushAnswers.add(CompletableFuture.completedFuture(PushResult.Code.PARKED));
        var parked = send(request().toBuilder().setTtl("0s").build());
        parts.pushAnswers.add(failed(RpcFailure.Kind.DEADLINE));
        var unknown = send(request().toBuilder().setTtl("0s").build());

        assertThat(written.join().status()).isEqualTo(Receipt.Status.DELIVERED_ONLINE);
        assertThat(dropped.join().status()).isEqualTo(Receipt.Status.OFFLINE_DROPPED);
        assertThat(parked.join().status()).isEqualTo(Receipt.Status.OFFLINE_DROPPED);
        assertThat(unknown.join().status()).isEqualTo(Receipt.Status.OFFLINE_DROPPED);
        assertThat(parts.events).doesNotContain("append");
        assertThat(parts.pushed).allMatch(item -> item.getTransient());
        assertThat(clock.scheduled()).isZero();
    }

    @Test
    void hasRoomForAnotherAppWhenOneHasFilledItsShare() {
        for (int i = 0; i < 3; i++) {
            parts.appendAnswers.add(new CompletableFuture<>());
        }
        send(request());
        send(request());
        assertThat(why(send(request()))).isEqualTo(Why.BUSY);

        var checked = rules.check(SendRequest.newBuilder().setTo(Target.newBuilder()
                .setEndpoint(ENDPOINTS.text(4, ENDPOINT))).build(), APP.toBuilder().setAppId(4).build());
        var other = sender.send(checked.draft(), checked.targets().endpoints().getFirst());

        assertThat(other).isNotDone();
        assertThat(post.inFlight()).isEqualTo(3);
    }

    @Test
    void carriesWhatWasAskedForToStoreAndPhone() throws Exception {
        String earlier = MessageId.text(new MessageIds(clock, cluster).mint());
        send(request().toBuilder().setClass_(MessageClass.FAST).setPriority(Priority.HIGH).setCollapseKey("score")
                .setReplace(earlier).build());
        send(request().toBuilder().setPriority(Priority.LOW).setLowWindow("2m").build());

        var high = parts.appended.getFirst();
        assertThat(high.getDeliveryClass()).isEqualTo(DeliveryClass.FAST);
        assertThat(high.getCollapseKey().toStringUtf8()).isEqualTo("score");
        assertThat(high.getReplaces()).isEqualTo(MessageId.parse(earlier));
        assertThat(high.getDueAfterS()).isZero();
        var push = Push.parseFrom(high.getEnvelope());
        assertThat(push.getAckNow()).isTrue();
        assertThat(push.getReplaces()).isEqualTo(high.getReplaces());
        assertThat(push.getCollapseKey()).isEqualTo(high.getCollapseKey());
        var low = parts.appended.getLast();
        assertThat(low.getDueAfterS()).isEqualTo(120);
        assertThat(low.getDeliveryClass()).isEqualTo(DeliveryClass.DURABLE);
        assertThat(parts.pushed).extracting(PushItem::getLow).containsExactly(false, true);
    }

    @Test
    void carriesASealedPayloadAsItIsWithItsMark() throws Exception {
        ByteString sealed = ByteString.copyFrom(new byte[60]);
        send(request().toBuilder().setPayload(sealed).setEncryption(Encryption.HPKE).build());
        send(request());

        var push = Push.parseFrom(parts.appended.getFirst().getEnvelope());
        assertThat(push.getEncValue()).isEqualTo(1);
        assertThat(push.getPayload()).isEqualTo(sealed);
        assertThat(Push.parseFrom(parts.pushed.getFirst().getEnvelope())).isEqualTo(push);
        assertThat(Push.parseFrom(parts.appended.getLast().getEnvelope()).getEncValue()).isZero();
    }

    @Test
    void tellsWhichMessageItCollapsed() {
        parts.appendAnswers.add(CompletableFuture.completedFuture(AppendResult.newBuilder().setCollapsedId(4096)
                .build()));

        assertThat(send(request()).join().reply().getCollapsed()).isEqualTo(MessageId.text(4096));
    }

    @Test
    void tellsAStoredQuotaFromARefusal() {
        parts.appendAnswers.add(CompletableFuture.completedFuture(AppendResult.newBuilder()
                .setCode(AppendResult.Code.REJECTED)
                .setReason("quota: stored_messages: 1000 (expected: at most 1000)").build()));

        var sent = send(request());

        assertThat(why(sent)).isEqualTo(Why.QUOTA_EXCEEDED);
        assertThat(sent.exceptionNow()).hasMessage("stored_messages: 1000 (expected: at most 1000)");
    }

    @Test
    void repeatsWhatWasStoredBeforeTheBan() throws Exception {
        parts.banned.add(ENDPOINT);
        parts.appendAnswers.add(append(AppendResult.Code.DUPLICATE));

        var sent = send(request().toBuilder().setIdempotencyKey("once").build());

        assertThat(sent.get().status()).isEqualTo(Receipt.Status.DUPLICATE);
        assertThat(parts.appended.getFirst().getBlocked()).isEqualTo("blocked: banned");
    }

    @Test
    void refusesABannedEndpointUnderAKeyThatStandsForNothing() {
        parts.banned.add(ENDPOINT);
        parts.appendAnswers.add(CompletableFuture.completedFuture(AppendResult.newBuilder()
                .setCode(AppendResult.Code.REJECTED).setReason("blocked: banned").build()));

        assertThat(why(send(request().toBuilder().setIdempotencyKey("once").build()))).isEqualTo(Why.BLOCKED);
    }

    @Test
    void deliversNothingTransientToABannedEndpoint() {
        parts.banned.add(ENDPOINT);

        assertThat(why(send(request().toBuilder().setClass_(MessageClass.TRANSIENT).build())))
                .isEqualTo(Why.BLOCKED);
        assertThat(parts.events).isEmpty();
    }

    private CompletableFuture<Receipt> send(SendRequest request) {
        var checked = rules.check(request, APP);
        return sender.send(checked.draft(), checked.targets().endpoints().getFirst());
    }

    private static SendRequest request() {
        return SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(ENDPOINTS.text(3, ENDPOINT)))
                .setPayload(ByteString.copyFromUtf8("hi")).build();
    }

    private static Why why(CompletableFuture<Receipt> sent) {
        assertThat(sent).isCompletedExceptionally();
        return ((Refused) sent.exceptionNow()).why();
    }
}
