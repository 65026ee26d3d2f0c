package io.longwire.keeper.rpc;

import io.grpc.BindableService;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.clock.TestClock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.register.LookupResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class MemberPoolTest {
    private final RpcLoops loops = new RpcLoops("test", 2);
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final FakeCluster cluster = new FakeCluster();
    private final RpcConnections rpc = new RpcConnections(loops, cluster, Clock.system(), metrics);
    private final FakeRegister a = new FakeRegister();
    private final FakeRegister b = new FakeRegister();
    private final List<RpcServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        rpc.close();
        servers.forEach(RpcServer::close);
        loops.close();
    }

    @Test
    void spreadsOverTheMembersOfItsOwnIdc() throws IOException {
        FakeRegister far = new FakeRegister();
        cluster.show(serve("a", a, "east", false), serve("b", b, "east", false), serve("far", far, "west", false));
        try (var pool = pool(Duration.ofSeconds(5), Balance.roundRobin())) {
            callAll(pool, 100);

            assertThat(a.endpoints()).hasSize(50);
            assertThat(b.endpoints()).hasSize(50);
            assertThat(far.endpoints()).isEmpty();
        }
    }

    @Test
    void keepsAKeyAtItsMemberAndMovesOnlyTheKeysOfOneThatWent() throws IOException {
        Member first = serve("a", a, "east", false);
        cluster.show(first, serve("b", b, "east", false));
        try (var pool = pool(Duration.ofSeconds(5), Balance.byKey(Long::longValue))) {
            callAll(pool, 200);
            List<Long> ofA = a.endpoints();
            assertThat(ofA.size()).isBetween(60, 140);
            a.batches.clear();
            callAll(pool, 200);
            assertThat(a.endpoints()).containsExactlyInAnyOrderElementsOf(ofA);

            cluster.show(first);
            a.batches.clear();
            callAll(pool, 200);
            assertThat(a.endpoints()).hasSize(200);
        }
    }

    @Test
    void leavesDrainingMembersAlone() throws IOException {
        cluster.show(serve("a", a, "east", true), serve("b", b, "west", false));
        try (var pool = pool(Duration.ofSeconds(5), Balance.roundRobin())) {
            callAll(pool, 20);

            assertThat(a.endpoints()).isEmpty();
            assertThat(b.endpoints()).hasSize(20);
        }
    }

    @Test
    void asksElsewhereWhenAConnectionBreaks() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "west", false));
        try (var pool = pool(Duration.ofSeconds(5), Balance.roundRobin())) {
            callAll(pool, 10);
            a.holding = true;
            CompletableFuture<LookupResult> answer = pool.call(77L);
            await().until(() -> a.held.size() == 1);

            servers.getFirst().close();

            assertThat(answer.join().getSession().getConnSeq()).isEqualTo(77);
            assertThat(b.endpoints()).containsExactly(77L);
            assertThat(metrics.counter(RuntimeMetric.RPC_RETRIES).count()).isEqualTo(1);
        }
    }

    @Test
    void asksElsewhereWithinTheDeadlineWhenAMemberHangs() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "west", false));
        var clock = new TestClock();
        var timed = new RpcConnections(loops, cluster, clock, metrics);
        try (var pool = timed.anyOf("register", new Lookups(Duration.ofMillis(400)), Balance.roundRobin())) {
            callAll(pool, 10);
            a.holding = true;
            CompletableFuture<LookupResult> answer = pool.call(77L);
            await().until(() -> a.held.size() == 1);

            clock.advance(Duration.ofMillis(190));
            assertThat(answer).isNotDone();
            assertThat(b.endpoints()).isEmpty();
            clock.advance(Duration.ofMillis(30)); // well within the deadline

            assertThat(answer.join().getSession().getConnSeq()).isEqualTo(77);
            assertThat(b.endpoints()).containsExactly(77L);
        } finally {
            timed.close();
        }
    }

    @Test
    void stopsRetryingWhenItsBudgetIsSpent() throws IOException {
        a.failing = false;
        cluster.show(serve("a", a, "east", false), serve("b", b, "west", false));
        try (var pool = pool(Duration.ofSeconds(5), Balance.roundRobin())) {
            callAll(pool, 10);
            a.holding = true;
            List<CompletableFuture<LookupResult>> answers = LongStream.range(0, 200).mapToObj(pool::call).toList();
            await().until(() -> !a.held.isEmpty());

            servers.getFirst().close();

            await().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
            assertThat(answers.stream().filter(answer -> !answer.isCompletedExceptionally()).count())
                    .as("10 kept and a tenth of 210 calls").isBetween(10L, 31L);
            assertThat(metrics.counter(RuntimeMetric.RPC_RETRIES_DENIED).count()).isPositive();
        }
    }

    @Test
    void leavesAMemberAloneThatFailsAgainAndAgain() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "west", false));
        try (var pool = pool(Duration.ofSeconds(1), Balance.roundRobin())) {
            callAll(pool, 10);
            a.holding = true;
            for (int i = 0; i < 8; i++) {
                pool.call(77L).join();
            }

            assertThat(metrics.counter(RuntimeMetric.RPC_BREAKER_OPENS).count()).isEqualTo(1);
            a.held.forEach(Runnable::run);
            a.holding = false;
            b.batches.clear();
            await().until(() -> {
                pool.call(78L).join();
                return a.endpoints().contains(78L);
            });
        }
    }

    @Test
    void isNotFailedByTheMemberThatItLeft() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "west", false));
        try (var pool = pool(Duration.ofSeconds(10), Balance.roundRobin())) {
            a.holding = true;
            b.holding = true;
            CompletableFuture<LookupResult> answer = pool.call(77L);
            await().until(() -> b.held.size() == 1); // a had half of the time

            servers.getFirst().close();
            await().until(() -> metrics.counter(RuntimeMetric.RPC_STREAM_BREAKS).count() == 1);
            b.held.forEach(Runnable::run);

            assertThat(answer.join().getSession().getConnSeq()).isEqualTo(77);
        }
    }

    @Test
    void saysThatNobodyIsThere() {
        try (var pool = pool(Duration.ofSeconds(5), Balance.roundRobin())) {
            assertThatThrownBy(() -> pool.call(1L).join()).cause().isInstanceOfSatisfying(RpcFailure.class,
                    failure -> assertThat(failure.kind()).isEqualTo(RpcFailure.Kind.NO_TARGET));
            assertThatThrownBy(() -> rpc.anyChannel("register")).isInstanceOf(RpcFailure.class);
        }
    }

    @Test
    void asksThoseItKnewWhenAllVanishAtOnce() throws IOException {
        Member one = serve("a", a, "east", false);
        cluster.show(one, serve("b", b, "west", false));
        try (var pool = pool(Duration.ofSeconds(5), Balance.roundRobin())) {
            String before = rpc.anyChannel("register").authority();
            cluster.show();

            callAll(pool, 10);
            assertThat(a.endpoints()).as("the near one of those known").hasSize(10);
            assertThat(rpc.anyChannel("register").authority()).isEqualTo(before);

            cluster.show(one);
            pool.call(11L).join();
            assertThat(a.endpoints()).hasSize(11);
        }
    }

    @Test
    void givesTurnsByWeightAndNeverInBursts() throws IOException {
        cluster.show(weighted(serve("a", a, "east", false), 300), weighted(serve("b", b, "east", false), 100));
        var balanced = configured("weighted");
        try (var pool = balanced.anyOf("register", new Lookups(Duration.ofSeconds(5)), Balance.roundRobin())) {
            for (long i = 0; i < 80; i++) {
                pool.call(i).join();
            }

            assertThat(a.endpoints()).hasSize(60);
            assertThat(b.endpoints()).as("every fourth").hasSize(20)
                    .allSatisfy(endpoint -> assertThat(endpoint % 4).isEqualTo(b.endpoints().getFirst() % 4));
        } finally {
            balanced.close();
        }
    }

    @Test
    void asksTheMemberWithTheFewestItemsUnderWay() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "east", false));
        a.holding = true;
        b.holding = true;
        var balanced = configured("least-in-flight");
        try (var pool = balanced.anyOf("register", new Lookups(Duration.ofSeconds(20)), Balance.roundRobin())) {
            List<CompletableFuture<LookupResult>> stuck = LongStream.range(0, 10).mapToObj(pool::call).toList();
            await().until(() -> a.endpoints().size() == 5 && b.endpoints().size() == 5);
            b.holding = false;
            b.held.forEach(Runnable::run);
            await().until(() -> stuck.stream().filter(CompletableFuture::isDone).count() == 5);

            for (long i = 10; i < 30; i++) {
                pool.call(i).join();
            }

            assertThat(b.endpoints()).as("all that came after: the other one has five under way").hasSize(25);
            a.held.forEach(Runnable::run);
            stuck.forEach(CompletableFuture::join);
        } finally {
            balanced.close();
        }
    }

    @Test
    void givesTurnsThoughItemsHaveAKeyWhereTheConfigurationSaysSo() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "east", false));
        var balanced = configured("round-robin");
        try (var pool = balanced.anyOf("register", new Lookups(Duration.ofSeconds(5)),
                Balance.byKey(Long::longValue))) {
            callAll(pool, 200);
            List<Long> ofA = a.endpoints();
            callAll(pool, 200); // the same keys again

            assertThat(ofA).hasSize(100);
            assertThat(a.endpoints()).hasSize(200);
            assertThat(b.endpoints()).hasSize(200);
        } finally {
            balanced.close();
        }
    }

    @Test
    void keepsAKeyAtItsMemberWhereTheConfigurationSaysSo() throws IOException {
        cluster.show(serve("a", a, "east", false), serve("b", b, "east", false));
        var balanced = configured("rendezvous");
        try (var pool = balanced.anyOf("register", new Lookups(Duration.ofSeconds(5)), Balance.byKey(key -> key % 2))) {
            for (long even = 0; even < 40; even += 2) {
                pool.call(even).join();
            }

            assertThat(List.of(a.endpoints().size(), b.endpoints().size())).as("all of one key")
                    .containsExactlyInAnyOrder(20, 0);
        } finally {
            balanced.close();
        }
    }

    @Test
    void fallsBackToTurnsForItemsWithoutAKey() {
        assertThat(BalanceConfig.read(ConfigNode.of(Map.of("saver", "rendezvous"))).of("saver", false))
                .isEqualTo(BalanceConfig.Strategy.ROUND_ROBIN);
        assertThat(BalanceConfig.none().of("saver", true)).isEqualTo(BalanceConfig.Strategy.RENDEZVOUS);
    }

    private RpcConnections configured(String strategy) {
        return new RpcConnections(loops, cluster, Clock.system(), metrics,
                BalanceConfig.read(ConfigNode.of(Map.of("register", strategy))));
    }

    private static Member weighted(Member member, int weight) {
        return new Member(member.part(), member.instance(), member.index(), member.host(), member.idc(),
                member.rpcAddress(), member.adminAddress(), member.startedMillis(), member.draining(),
                Map.of("weight", Integer.toString(weight)));
    }

    private BatchCall<Long, LookupResult> pool(Duration deadline, Balance<Long> balance) {
        return rpc.anyOf("register", new Lookups(deadline), balance);
    }

    private static void callAll(BatchCall<Long, LookupResult> pool, int count) {
        List<CompletableFuture<LookupResult>> answers = LongStream.range(0, count).mapToObj(pool::call).toList();
        answers.forEach(CompletableFuture::join);
    }

    private Member serve(String instance, BindableService service, String idc, boolean draining) throws IOException {
        RpcServer server = RpcServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(service), loops, Clock.system(), metrics);
        servers.add(server);
        return FakeCluster.member(instance, "127.0.0.1:" + server.port(), idc, draining);
    }
}
