package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.CenterMetric;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Quotas;
import io.longwire.center.api.Problems;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.profile.Aliases;
import io.longwire.center.refuse.Why;
import io.longwire.center.schedule.Schedules;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static io.longwire.center.fakes.FakeNeighbours.append;
import static io.longwire.center.fakes.FakeNeighbours.failed;
import static org.assertj.core.api.Assertions.assertThat;

class MulticastTest {
    private static final EndpointNames NAMES = new EndpointNames(new EndpointId(new byte[32]));
    private static final AppRecord APP = AppRecord.newBuilder().setAppId(3).setSendsPerSecond(100_000).build();

    private final VirtualClock clock = new VirtualClock();
    private final FakeNeighbours parts = new FakeNeighbours();
    private final FakeArchive archive = new FakeArchive(clock);
    private final FakeMetrics metrics = new FakeMetrics();
    private final FakeCluster cluster = FakeCluster.of("center");
    private Sends sends = center();

    @Test
    void answersForEachTargetAndSendsEachEndpointOnce() {
        bind("ann", 1, 2);
        var reply = send(
                to(2, 3, 2).setTo(target(2, 3, 2).addAliases("ann").addAliases("nobody").addEndpoints("ep_x")));

        assertThat(reply.getStatus()).isEqualTo("partial");
        assertThat(reply.getAccepted()).isEqualTo(3);
        assertThat(reply.getResultsList()).extracting(result -> result.getTarget() + " " + result.getStatus())
                .containsExactly(NAMES.text(3, 2) + " accepted", NAMES.text(3, 3) + " accepted", "ann accepted",
                        "ep_x unknown_endpoint", "nobody unknown_endpoint");
        assertThat(stored()).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(parts.appended).extracting(AppendItem::getMessageId)
                .containsOnly(MessageId.parse(reply.getMessageId()));
        assertThat(parts.pushed).hasSize(3);
    }

    @Test
    void putsTheHeadBeforeTheFirstMessage() {
        send(to(5, -7, 6));

        assertThat(parts.events.subList(0, 2)).containsExactly("head", "append");
        var head = parts.heads.heads.values().iterator().next();
        var ids = head.getEndpoints().asReadOnlyByteBuffer().asLongBuffer();
        assertThat(List.of(ids.get(), ids.get(), ids.get())).containsExactly(5L, 6L, -7L); // unsigned order
        assertThat(head.getPayload().isEmpty()).isTrue();
        assertThat(head.getExpireAtMs()).isEqualTo(parts.appended.getFirst().getExpireAtMs());
    }

    @Test
    void storesABodyOnceAboveAHundredEndpoints() throws Exception {
        send(many(100));
        assertThat(parts.appended).noneMatch(AppendItem::getHeadless);
        parts.reset();

        send(many(101));

        var head = parts.heads.heads.values().iterator().next();
        assertThat(head.getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(parts.appended).hasSize(101).allMatch(AppendItem::getHeadless);
        var kept = Push.parseFrom(parts.appended.getFirst().getEnvelope());
        var pushed = Push.parseFrom(parts.pushed.getFirst().getEnvelope());
        assertThat(kept.getPayload().isEmpty()).isTrue();
        assertThat(pushed).isEqualTo(kept.toBuilder().setPayload(ByteString.copyFromUtf8("hi")).build());
    }

    @Test
    void tellsWhyATargetWasNotAccepted() {
        parts.appendAnswers.add(append(AppendResult.Code.REJECTED));
        parts.appendAnswers.add(CompletableFuture.completedFuture(AppendResult.newBuilder()
                .setCode(AppendResult.Code.REJECTED).setReason("quota: stored_bytes: 9 (expected: at most 8)")
                .build()));
        parts.appendAnswers.add(append(AppendResult.Code.NO_ENDPOINT));
        parts.appendAnswers.add(append(AppendResult.Code.STALE_ID));
        parts.appendAnswers.add(failed(RpcFailure.Kind.NO_TARGET));

        var reply = send(to(1, 2, 3, 4, 5));

        assertThat(reply.getResultsList()).extracting(TargetResult::getStatus).containsExactly("blocked",
                "over_quota", "unknown_endpoint", "unavailable", "unavailable");
        assertThat(reply.getResults(1).getProblem().getDetail()).isEqualTo("stored_bytes: 9 (expected: at most 8)");
        assertThat(reply.getStatus()).isEqualTo("refused");
        assertThat(reply.getAccepted()).isZero();
    }

    @Test
    void sparesABannedTarget() {
        parts.banned.add(2L);

        var reply = send(to(1, 2, 3));

        assertThat(reply.getResultsList()).extracting(TargetResult::getStatus).containsExactly("accepted", "blocked",
                "accepted");
        assertThat(reply.getResults(1).getProblem().getCode()).isEqualTo("blocked");
        assertThat(parts.appended).hasSize(2);
    }

    @Test
    void sparesABannedTargetOfWhatIsNotStoredToo() {
        parts.banned.add(2L);

        var reply = send(to(1, 2).setClass_(MessageClass.TRANSIENT));

        assertThat(reply.getResultsList()).extracting(TargetResult::getStatus).containsExactly("delivered_online",
                "blocked");
        assertThat(parts.pushed).hasSize(1);
    }

    @Test
    void saysAcceptedForWhatWasStoredBeforeTheBan() {
        var slow = APP.toBuilder().setSendsPerSecond(2).build();
        var request = to(1, 2, 3).setIdempotencyKey("k").build();
        sends.send(request, slow).join();
        parts.banned.addAll(List.of(2L, 3L));
        clock.advance(Duration.ofSeconds(1));

        var again = sends.send(request, slow).join();

        assertThat(again.getResultsList()).extracting(TargetResult::getStatus).containsExactly("accepted", "accepted",
                "blocked");
    }

    @Test
    void countsEachTargetAgainstTheQuota() {
        var slow = APP.toBuilder().setSendsPerSecond(3).build();

        var reply = sends.send(to(1, 2, 3, 4, 5).build(), slow).join();

        assertThat(reply.getResultsList()).extracting(TargetResult::getStatus).containsExactly("accepted", "accepted",
                "accepted", "over_quota", "over_quota");
        assertThat(reply.getStatus()).isEqualTo("partial");
        assertThat(metrics.count(CenterMetric.QUOTA_EXCEEDED)).isEqualTo(2);
        assertThat(why(sends.send(to(1, 2).build(), slow))).isEqualTo(Why.QUOTA_EXCEEDED);
    }

    @Test
    void refusesMoreEndpointsThanTheAppsFanOut() {
        bind("ann", 1, 2, 3);
        var narrow = APP.toBuilder().setFanOut(2).build();

        var sent = sends.send(SendRequest.newBuilder().setTo(Target.newBuilder().setAlias("ann")).build(), narrow);

        assertThat(sent.exceptionNow()).hasMessage("to: 3 endpoints (expected: at most 2)");
        assertThat(parts.events).isEmpty();
    }

    @Test
    void hasNoMoreThanAWaveUnderWay() {
        for (int i = 0; i < 200; i++) {
            parts.appendAnswers.add(new CompletableFuture<>());
        }
        var first = List.copyOf(parts.appendAnswers);
        sends.send(many(200).build(), APP);
        assertThat(parts.appended).hasSize(64);

        first.get(7).complete(AppendResult.getDefaultInstance());

        assertThat(parts.appended).hasSize(65);
        assertThat(metrics.gauge(CenterMetric.IN_FLIGHT)).isEqualTo(64);
    }

    @Test
    void waitsForAPlaceInFlightRatherThanRefusing() {
        for (int i = 0; i < 5; i++) {
            parts.appendAnswers.add(new CompletableFuture<>());
        }
        var open = List.copyOf(parts.appendAnswers);
        sends = center(10); // five for one app alone
        var first = sends.send(to(1, 2).build(), APP);
        var second = sends.send(to(3, 4, 5, 6, 7, 8).build(), APP);
        assertThat(second).isNotDone();

        open.forEach(answer -> answer.complete(AppendResult.getDefaultInstance()));
        clock.advance(Duration.ofMillis(200));

        assertThat(first.join().getStatus()).isEqualTo("accepted");
        assertThat(second.join().getStatus()).isEqualTo("accepted");
    }

    @Test
    void claimsTheKeyFirstAndSettlesItLast() {
        var reply = send(to(1, 2).setIdempotencyKey("k"));
        var again = send(to(2, 1).setIdempotencyKey("k"));

        assertThat(parts.events).containsSubsequence("claim", "head", "append", "append", "settle", "claim");
        assertThat(again.getMessageId()).isEqualTo(reply.getMessageId());
        assertThat(again.getStatus()).isEqualTo("duplicate");
        assertThat(again.getDuplicate()).isTrue();
        assertThat(parts.appended).hasSize(2);
        assertThat(why(sends.send(to(1, 3).setIdempotencyKey("k").build(), APP)))
                .isEqualTo(Why.IDEMPOTENCY_CONFLICT);
    }

    @Test
    void leavesTheKeyOpenWhileATargetMayDoBetterAndGoesOnFromThere() {
        var slow = APP.toBuilder().setSendsPerSecond(2).build();
        var first = sends.send(to(1, 2, 3).setIdempotencyKey("k").build(), slow).join();
        assertThat(first.getStatus()).isEqualTo("partial");
        assertThat(parts.heads.settled).isEmpty();
        clock.advance(Duration.ofSeconds(2));

        var second = send(to(1, 2, 3).setIdempotencyKey("k"));

        assertThat(second.getStatus()).isEqualTo("accepted");
        assertThat(second.getMessageId()).isEqualTo(first.getMessageId());
        assertThat(stored()).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(parts.heads.settled).hasSize(1);
    }

    /** Three a second and a list of eight: three repeats bring it to all, as nobody is paid for twice. */
    @Test
    void servesThoseFirstWhoHaveNotGotItWhenARepeatIsShortOfQuota() {
        var slow = APP.toBuilder().setSendsPerSecond(3).build();
        var request = to(1, 2, 3, 4, 5, 6, 7, 8).setIdempotencyKey("k").build();
        sends.send(request, slow).join();
        assertThat(stored()).containsExactly(1L, 2L, 3L);
        parts.acked.add(1L);
        clock.advance(Duration.ofSeconds(1));

        var second = sends.send(request, slow).join();

        assertThat(second.getResultsList()).extracting(TargetResult::getStatus).containsExactly("accepted", "accepted",
                "accepted", "accepted", "accepted", "accepted", "over_quota", "over_quota");
        assertThat(parts.appended).extracting(AppendItem::getEndpointId)
                .as("an append is repeated unless its message has ended")
                .containsExactly(1L, 2L, 3L, 2L, 3L, 4L, 5L, 6L);
        assertThat(parts.heads.settled).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(sends.send(request, slow).join().getStatus()).isEqualTo("accepted");
        assertThat(parts.heads.settled).hasSize(1);
    }

    @Test
    void paysOnceForThoseThatAreNoEndpoints() {
        parts.absent.addAll(List.of(1L, 2L));
        var slow = APP.toBuilder().setSendsPerSecond(2).build();
        var request = to(1, 2, 3, 4).setIdempotencyKey("k").build();
        assertThat(sends.send(request, slow).join().getAccepted()).isZero();
        clock.advance(Duration.ofSeconds(1));

        var second = sends.send(request, slow).join();

        assertThat(second.getResultsList()).extracting(TargetResult::getStatus).containsExactly("unknown_endpoint",
                "unknown_endpoint", "accepted", "accepted");
        assertThat(parts.heads.settled).hasSize(1);
    }

    @Test
    void takesOneOfTheQuotaForADuplicateAndClaimsNoKeyWithoutAny() {
        var slow = APP.toBuilder().setSendsPerSecond(2).build();
        var request = to(1, 2).setIdempotencyKey("k").build();
        sends.send(request, slow).join();
        assertThat(why(sends.send(request, slow))).isEqualTo(Why.QUOTA_EXCEEDED);
        assertThat(parts.events).containsOnlyOnce("claim");
        clock.advance(Duration.ofSeconds(1));

        assertThat(sends.send(request, slow).join().getStatus()).isEqualTo("duplicate");
        assertThat(sends.send(request, slow).join().getStatus()).isEqualTo("duplicate");
    }

    @Test
    void storesEachEndpointOnceThoughTheCenterDiesAfterAnyStep() {
        for (Death death : Death.values()) {
            parts.reset();
            for (int tries = 0; tries < 2; tries++) {
                death.strike(this);
                sends.send(to(1, 2, 3).setIdempotencyKey("k").build(), APP);
                clock.advance(Duration.ofSeconds(1));
                parts.appendAnswers.clear();
                sends = center(); // another process, the same savers
            }
            parts.heads.putsLost = false;
            parts.heads.settlesLost = false;

            var reply = send(to(1, 2, 3).setIdempotencyKey("k"));

            assertThat(parts.appended).as(death.name()).extracting(AppendItem::getMessageId)
                    .containsOnly(MessageId.parse(reply.getMessageId()));
            assertThat(stored()).as(death.name()).containsExactlyInAnyOrder(1L, 2L, 3L);
            assertThat(parts.heads.settled).as(death.name()).hasSize(1);
        }
    }

    @Test
    void goesWhereItWentFirstThoughTheAliasHasMovedSince() {
        bind("ann", 1, 2);
        var request = SendRequest.newBuilder().setTo(Target.newBuilder().setAlias("ann")).setIdempotencyKey("k");
        for (int i = 0; i < 6; i++) {
            parts.appendAnswers.add(failed(RpcFailure.Kind.DISCONNECTED));
        }
        sends.send(request.build(), APP);
        clock.advance(Duration.ofSeconds(10));
        parts.appended.clear();
        bind("ann", 3);

        var reply = send(request);

        assertThat(stored()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(reply.getStatus()).isEqualTo("accepted");
    }

    @Test
    void neverStoresATransientMessage() {
        parts.lookupAnswers.add(FakeNeighbours.online());
        parts.lookupAnswers.add(FakeNeighbours.offline());

        var reply = send(to(1, 2).setTtl("0s"));

        assertThat(reply.getResultsList()).extracting(TargetResult::getStatus).containsExactly("delivered_online",
                "offline_dropped");
        assertThat(reply.getStatus()).isEqualTo("partial");
        assertThat(parts.events).doesNotContain("append", "head", "claim");
    }

    @Test
    void keepsForLaterWhatIsNotToBeSentBefore() {
        var reply = send(to(1, 2).setNotBefore("10m"));

        assertThat(reply.getStatus()).isEqualTo("scheduled");
        assertThat(reply.getFiresMs()).isEqualTo(clock.wallMillis() + 600_000);
        assertThat(MessageId.parse(reply.getScheduleId())).isNotZero();
        assertThat(parts.events).isEmpty();
    }

    private enum Death {
        HEAD {
            @Override
            void strike(MulticastTest test) {
                test.parts.heads.putsLost = true;
            }
        },
        FIRST_APPEND {
            @Override
            void strike(MulticastTest test) {
                IntStream.range(0, 3).forEach(i -> test.parts.appendAnswers.add(new CompletableFuture<>()));
            }
        },
        SECOND_APPEND {
            @Override
            void strike(MulticastTest test) {
                test.parts.appendAnswers.add(append(AppendResult.Code.ACCEPTED));
                IntStream.range(0, 2).forEach(i -> test.parts.appendAnswers.add(new CompletableFuture<>()));
            }
        },
        SETTLE {
            @Override
            void strike(MulticastTest test) {
                test.parts.heads.settlesLost = true;
            }
        };

        abstract void strike(MulticastTest test);
    }

    private Sends center() {
        return center(1_000);
    }

    private Sends center(int maxInFlight) {
        var tools = new Sender.Tools(clock, HaltPoints.none(), metrics);
        var rules = new Rules(NAMES);
        var ids = new MessageIds(clock, cluster);
        var post = new Post(parts, new Router(parts, parts, () -> 10_000, tools), parts, () -> maxInFlight, tools);
        var resolver = new Resolver(new Aliases(archive, Duration.ofMillis(1), clock), NAMES);
        var quotas = new Quotas(() -> 1, clock);
        var schedules = new Schedules(archive, ids,
                new Schedules.Checks((request, app) -> CompletableFuture
                        .completedFuture(SendReply.getDefaultInstance()), (request, app) -> {
                        }),
                clock);
        return new Sends(rules, quotas, new Sends.Ways(resolver, new Sender(ids, post, metrics),
                new Multicast(ids, parts, post, NAMES, tools), new DryRuns(rules, resolver, quotas, parts::endpoint),
                schedules::once), tools);
    }

    private SendReply send(SendRequest.Builder request) {
        var sent = sends.send(request.build(), APP);
        assertThat(sent).isCompleted();
        return sent.join();
    }

    /** Endpoints that have it, as a saver keeps them: once for each id. */
    private List<Long> stored() {
        return parts.appended.stream().map(AppendItem::getEndpointId).distinct().toList();
    }

    private void bind(String alias, long... endpoints) {
        archive.reset();
        for (long endpoint : endpoints) {
            archive.endpoint(3, endpoint);
            archive.updateProfile(ProfileUpdate.newBuilder().setAppId(3).setEndpointId(endpoint).addBindAliases(alias)
                    .build());
        }
        clock.advance(Duration.ofMillis(5));
    }

    private static SendRequest.Builder to(long... endpoints) {
        return SendRequest.newBuilder().setTo(target(endpoints)).setPayload(ByteString.copyFromUtf8("hi"));
    }

    private static SendRequest.Builder many(int count) {
        return to(LongStream.rangeClosed(1, count).toArray());
    }

    private static Target.Builder target(long... endpoints) {
        var target = Target.newBuilder();
        LongStream.of(endpoints).forEach(endpoint -> target.addEndpoints(NAMES.text(3, endpoint)));
        return target;
    }

    private static Why why(CompletableFuture<SendReply> sent) {
        assertThat(sent).isCompletedExceptionally();
        return Problems.refused(sent.exceptionNow()).why();
    }
}
