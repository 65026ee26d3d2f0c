package io.longwire.saver.client;

import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.rpc.saver.BanChangesRequest;
import io.longwire.testkit.time.VirtualClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class BanFeedTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final byte[] PHONE = {10, 1, 2, 3};

    private final VirtualClock clock = new VirtualClock();
    private final List<Ban> rows = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<Long> told = new ArrayList<>();
    private final BanFeed feed = new BanFeed(this::changes, clock, told::addAll);
    private boolean away;
    private long version;

    @Test
    void knowsABanASecondAfterItIsMadeAndTellsItTwice() {
        feed.start();
        ban(1, 5, 0, "spam");
        assertThat(feed.endpoint(5)).isNull();

        clock.advance(SECOND);

        assertThat(feed.endpoint(5)).isEqualTo(new BanFeed.Banned(Long.MAX_VALUE, 0, "spam"));
        assertThat(feed.endpoint(6)).isNull();
        assertThat(told).containsExactly(5L);
        clock.advance(SECOND);
        assertThat(told).containsExactly(5L, 5L);
        clock.advance(SECOND);
        assertThat(told).hasSize(2);
        assertThat(asked).containsExactly(0L, 0L, 1L, 1L);
    }

    @Test
    void endsABanAtItsTimeAlsoWithoutASaver() {
        ban(1, 5, clock.wallMillis() + 3_000, "");
        feed.start();
        away = true;

        assertThat(feed.endpoint(5)).isNotNull();
        clock.advance(Duration.ofMillis(2_999));
        assertThat(feed.endpoint(5)).isNotNull().extracting(BanFeed.Banned::leftMillis).isEqualTo(1L);
        clock.advance(Duration.ofMillis(1));
        assertThat(feed.endpoint(5)).isNull();
        clock.advance(Duration.ofMinutes(1));
        assertThat(feed.complaint()).isPresent();
    }

    @Test
    void anEndpointIsBannedWhileAnyOfItsBansIsInForce() {
        ban(1, 5, clock.wallMillis() + 3_000, "short");
        ban(2, 5, 0, "of its alias");
        feed.start();
        assertThat(feed.endpoint(5)).extracting(BanFeed.Banned::reason).isEqualTo("of its alias");

        lift(2);
        clock.advance(SECOND);

        assertThat(feed.endpoint(5)).extracting(BanFeed.Banned::reason).isEqualTo("short");
        lift(1);
        clock.advance(SECOND);
        assertThat(feed.endpoint(5)).isNull();
        assertThat(feed.size()).isZero();
    }

    @Test
    void readsPageByPage() {
        for (int i = 1; i <= 2_500; i++) {
            ban(i, i, 0, "");
        }
        feed.start();

        assertThat(feed.size()).isEqualTo(2_500);
        assertThat(asked).containsExactly(0L, 1_000L, 2_000L);
    }

    @Test
    void readsAllAnewAfterAnHourAlone() {
        ban(1, 5, 0, "");
        feed.start();
        away = true;
        rows.clear(); // it was lifted, and forgotten
        clock.advance(Duration.ofMinutes(61));
        assertThat(feed.endpoint(5)).as("who cannot ask keeps what it has").isNotNull();

        away = false;
        clock.advance(SECOND);

        assertThat(feed.endpoint(5)).isNull();
        assertThat(asked).endsWith(0L);
    }

    @Test
    void letsEverybodyInAndSaysSoUntilItHasAList() {
        away = true;
        feed.start();
        assertThat(feed.endpoint(5)).isNull();
        assertThat(feed.network(PHONE)).isFalse();
        clock.advance(Duration.ofSeconds(61));

        assertThat(feed.complaint()).contains("no saver has listed the bans yet: nobody is kept out");
    }

    @Test
    void matchesNetworksByTheirBits() {
        network(1, "10.1.0.0/16", 0);
        network(2, "2001:db8::/33", 0);
        network(3, "192.0.2.7/32", clock.wallMillis() + 1_000);
        feed.start();

        assertThat(feed.network(PHONE)).isTrue();
        assertThat(feed.network(new byte[]{10, 2, 2, 3})).isFalse();
        assertThat(feed.network(bytes("2001:db8:7fff::1"))).isTrue();
        assertThat(feed.network(bytes("2001:db8:8000::1"))).isFalse();
        assertThat(feed.network(new byte[]{(byte) 192, 0, 2, 7})).isTrue();
        assertThat(feed.network(new byte[]{(byte) 192, 0, 2, 8})).isFalse();
        rows.set(0, rows.getFirst().toBuilder().setLifted(true).setVersion(++version).build());
        clock.advance(Duration.ofSeconds(1));
        assertThat(feed.network(PHONE)).isFalse();
        assertThat(feed.network(new byte[]{(byte) 192, 0, 2, 7})).isFalse();
    }

    @Test
    void readsManyNetworksInNoTime() {
        for (int i = 0; i < 20_000; i++) {
            network(i + 1, "10." + i / 250 + "." + i % 250 + ".0/24", 0);
        }

        assertTimeoutPreemptively(Duration.ofSeconds(10), feed::start);

        assertThat(feed.size()).isEqualTo(20_000);
        assertThat(feed.network(PHONE)).isTrue();
    }

    @Test
    void aLengthOfPrefixIsLookedForAsLongAsOneBanHasIt() {
        network(1, "10.1.0.0/16", 0);
        network(2, "10.2.0.0/16", clock.wallMillis() + 70_000);
        feed.start();
        rows.set(0, rows.getFirst().toBuilder().setLifted(true).setVersion(++version).build());
        clock.advance(Duration.ofSeconds(1));

        assertThat(feed.network(PHONE)).isFalse();
        assertThat(feed.network(new byte[]{10, 2, 2, 3})).isTrue();
        clock.advance(Duration.ofMinutes(2));
        assertThat(feed.size()).as("what is over is forgotten").isZero();
    }

    @Test
    void aNetworkHasOneName() {
        assertThat(Network.parse("10.1.2.3/8")).hasToString("10.0.0.0/8").isEqualTo(Network.parse("10.9.9.9/8"));
        assertThat(Network.parse("192.0.2.7")).hasToString("192.0.2.7/32");
        assertThat(Network.parse("0.0.0.0/0")).hasToString("0.0.0.0/0");
        assertThat(Network.parse("10.0.0.0/33")).isNull();
        assertThat(Network.parse("10.1/8")).isNull();
        assertThat(Network.parse("example.org/8")).isNull();
        assertThat(Network.parse("")).isNull();
    }

    private static byte[] bytes(String address) {
        return InetAddress.ofLiteral(address).getAddress();
    }

    private void ban(long id, long endpoint, long until, String reason) {
        rows.add(Ban.newBuilder().setBanId(id).setVersion(++version).setKind(Ban.Kind.ENDPOINT).setAppId(3)
                .setEndpointId(endpoint).setUntilMs(until).setReason(reason).build());
    }

    private void network(long id, String network, long until) {
        rows.add(Ban.newBuilder().setBanId(id).setVersion(++version).setKind(Ban.Kind.NETWORK).setSubject(network)
                .setUntilMs(until).build());
    }

    private void lift(long id) {
        rows.replaceAll(ban -> ban.getBanId() == id
                ? ban.toBuilder().setLifted(true).setVersion(++version).build()
                : ban);
    }

    private CompletableFuture<BanChangesReply> changes(BanChangesRequest request) {
        asked.add(request.getAfterVersion());
        if (away) {
            return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.NO_TARGET, "away"));
        }
        List<Ban> found = rows.stream().filter(ban -> ban.getVersion() > request.getAfterVersion())
                .sorted((a, b) -> Long.compare(a.getVersion(), b.getVersion())).limit(1_000).toList();
        return CompletableFuture.completedFuture(
                BanChangesReply.newBuilder().addAllBans(found).setMore(found.size() == 1_000).build());
    }
}
