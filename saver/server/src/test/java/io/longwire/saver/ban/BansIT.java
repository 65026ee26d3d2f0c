package io.longwire.saver.ban;

import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesRequest;
import io.longwire.rpc.saver.LiftBanRequest;
import io.longwire.rpc.saver.ListBansRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.saver.Bench;
import io.longwire.saver.profile.AliasRules;
import io.longwire.saver.profile.Devices;
import io.longwire.saver.profile.Profiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Bans in the ledger: in force, changed, over, lifted, and in what order they are read. */
final class BansIT {
    private Bench bench;
    private Profiles profiles;
    private Bans bans;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        profiles = new Profiles(bench.shards, new AliasRules(new AliasBans(bench.shard, bench.clock),
                app -> Devices.ALL, bench.reach::lost), bench.clock);
        bans = new Bans(bench.shard, profiles, bench.clock);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void keepsABanAndChangesItUnderTheSameIdAndANewVersion() throws Exception {
        long endpoint = bench.newEndpoint();
        Ban first = bans.put(endpoint(endpoint).setReason("spam").setUntilMs(now() + 60_000).build());
        Ban again = bans.put(endpoint(endpoint).setReason("spam again").build());

        assertThat(again.getBanId()).isEqualTo(first.getBanId());
        assertThat(again.getVersion()).isGreaterThan(first.getVersion());
        assertThat(again.getUntilMs()).isZero();
        assertThat(changes(0)).containsExactly(again);
        assertThat(changes(again.getVersion())).isEmpty();
        assertThat(bans.list(ListBansRequest.newBuilder().setAppId(bench.app).build()).getBansList())
                .containsExactly(again);
        assertThat(bans.list(ListBansRequest.newBuilder().setAppId(bench.app + 1).build()).getBansList()).isEmpty();
    }

    @Test
    void aBanEndsAtItsTimeAndMayBeMadeAgain() throws Exception {
        Ban first = bans.put(alias("anna").setUntilMs(now() + 60_000).build());
        assertThat(bind(bench.newEndpoint(), "anna").getCode()).isEqualTo(Profile.Code.ALIAS_REFUSED);

        bench.clock.advance(Duration.ofSeconds(60));

        assertThat(bind(bench.newEndpoint(), "anna").getCode()).isEqualTo(Profile.Code.OK);
        assertThat(bans.list(ListBansRequest.newBuilder().setAppId(bench.app).build()).getBansList()).isEmpty();
        assertThat(lift(first).getCode()).isEqualTo(Ban.Code.ABSENT);
        assertThat(bans.put(alias("anna").build()).getBanId()).isEqualTo(first.getBanId());
    }

    @Test
    void bansAllEndpointsOfAnAliasAndLiftsThemWithIt() throws Exception {
        long one = bench.newEndpoint();
        long two = bench.newEndpoint();
        bind(one, "anna");
        bind(two, "anna");
        Ban alias = bans.put(alias("anna").setReason("fraud").build());

        assertThat(changes(0)).filteredOn(ban -> ban.getKind() == Ban.Kind.ENDPOINT).extracting(Ban::getEndpointId)
                .containsExactlyInAnyOrder(one, two);
        assertThat(changes(0)).allMatch(ban -> ban.getReason().equals("fraud"));
        assertThat(bans.list(ListBansRequest.newBuilder().setAppId(bench.app).build()).getBansList())
                .as("without those that stand for endpoints").containsExactly(alias);
        Profile refused = bind(bench.newEndpoint(), "anna");
        assertThat(refused.getCode()).isEqualTo(Profile.Code.ALIAS_REFUSED);
        assertThat(refused.getReason()).isEqualTo("alias anna: banned (expected: one that is not)");
        assertThat(profiles.find(AliasRequest.newBuilder().setAppId(bench.app).setAlias("anna").build())
                .getEndpointIdsList()).containsExactlyInAnyOrder(one, two);
        assertThat(bind(one, "anna").getCode()).as("who has it keeps it").isEqualTo(Profile.Code.ALIAS_REFUSED);
        assertThat(profiles.get(one, bench.app).getAliasesList()).containsExactly("anna");

        long before = changes(0).getLast().getVersion();
        assertThat(lift(alias).getLifted()).isTrue();
        assertThat(changes(before)).hasSize(3).allMatch(Ban::getLifted);
        assertThat(bind(bench.newEndpoint(), "anna").getCode()).isEqualTo(Profile.Code.OK);
    }

    @Test
    void whoWasBannedWithAnAliasFollowsItsChangesAlsoWithoutIt() throws Exception {
        long one = bench.newEndpoint();
        bind(one, "anna");
        bans.put(alias("anna").build());
        profiles.update(ProfileUpdate.newBuilder().setAppId(bench.app).setEndpointId(one).addUnbindAliases("anna")
                .build());

        bans.put(alias("anna").setUntilMs(now() + 5_000).build());

        assertThat(changes(0)).filteredOn(ban -> ban.getEndpointId() == one).extracting(Ban::getUntilMs)
                .containsExactly(now() + 5_000);
    }

    @Test
    void whoComesLateWithTheEndpointsOfAnAliasBansNoneUnderALiftedBan() throws Exception {
        long one = bench.newEndpoint();
        bind(one, "anna");
        Ban late = bans.put(alias("anna").build());
        lift(late);

        bans.withEndpoints(late);

        assertThat(changes(0)).filteredOn(ban -> ban.getEndpointId() == one).allMatch(Ban::getLifted).hasSize(1);
    }

    @Test
    void whoComesLateWithTheEndpointsOfAnAliasDoesNotUndoALaterChange() throws Exception {
        long one = bench.newEndpoint();
        bind(one, "anna");
        Ban late = bans.put(alias("anna").setUntilMs(now() + 5_000).build());
        bans.put(alias("anna").build());

        bans.withEndpoints(late);

        assertThat(changes(0)).filteredOn(ban -> ban.getEndpointId() == one).extracting(Ban::getUntilMs)
                .containsExactly(0L);
    }

    @Test
    void anAppAtItsLimitMakesNoMoreButChangesWhatItHas() throws Exception {
        var few = new Bans(bench.shard, profiles, bench.clock, 2);
        bind(bench.newEndpoint(), "anna");
        Ban anna = few.put(alias("anna").build());

        Ban refused = few.put(alias("bert").build());
        assertThat(refused.getCode()).isEqualTo(Ban.Code.LIMIT);
        assertThat(refused.getReason()).isEqualTo("bans: 2 (expected: fewer; lift one first)");
        Ban changed = few.put(alias("anna").setUntilMs(now() + 5_000).build());
        assertThat(changed.getCode()).isEqualTo(Ban.Code.OK);
        assertThat(changes(0)).hasSize(2).allMatch(ban -> ban.getUntilMs() == now() + 5_000);

        lift(anna);
        assertThat(few.put(alias("bert").build()).getCode()).isEqualTo(Ban.Code.OK);
        assertThat(few.put(endpoint(bench.newEndpoint()).build()).getCode()).isEqualTo(Ban.Code.OK);
        assertThat(few.put(alias("anna").build()).getCode()).as("one that is over counts anew")
                .isEqualTo(Ban.Code.LIMIT);
    }

    @Test
    void noVersionAppearsBelowOneThatWasRead() throws Exception {
        var work = new ArrayList<Callable<Ban>>();
        for (int i = 0; i < 40; i++) {
            String network = "10.0." + i + ".0/24";
            work.add(() -> bans.put(Ban.newBuilder().setKind(Ban.Kind.NETWORK).setSubject(network).build()));
        }
        var seen = new ArrayList<Ban>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<Ban>> made = work.stream().map(threads::submit).toList();
            while (!made.stream().allMatch(Future::isDone)) {
                follow(seen);
            }
        }
        follow(seen);

        assertThat(seen).extracting(Ban::getSubject).doesNotHaveDuplicates().hasSize(40);
    }

    @Test
    void refusesWhatIsNoBan() throws Exception {
        assertThat(bans.put(endpoint(4_711).build()).getCode()).isEqualTo(Ban.Code.NO_ENDPOINT);
        assertThatThrownBy(() -> bans.put(Ban.getDefaultInstance()))
                .hasMessage("ban: NONE (expected: an endpoint, an alias or a network)");
        assertThatThrownBy(() -> bans.put(alias("a").setReason("x".repeat(257)).build()))
                .hasMessage("reason: 257 characters (expected: at most 256)");
        Ban ban = bans.put(alias("anna").build());
        assertThat(bans.lift(LiftBanRequest.newBuilder().setAppId(bench.app + 1).setBanId(ban.getBanId()).build())
                .getCode()).as("another app's").isEqualTo(Ban.Code.ABSENT);
    }

    private void follow(List<Ban> seen) throws Exception {
        seen.addAll(changes(seen.isEmpty() ? 0 : seen.getLast().getVersion()));
    }

    private List<Ban> changes(long after) throws Exception {
        return bans.changes(BanChangesRequest.newBuilder().setAfterVersion(after).build()).getBansList();
    }

    private Ban lift(Ban ban) throws Exception {
        return bans.lift(LiftBanRequest.newBuilder().setAppId(bench.app).setBanId(ban.getBanId()).build());
    }

    private Profile bind(long endpoint, String alias) throws Exception {
        return profiles.update(ProfileUpdate.newBuilder().setAppId(bench.app).setEndpointId(endpoint)
                .addBindAliases(alias).build());
    }

    private Ban.Builder endpoint(long endpoint) {
        return Ban.newBuilder().setAppId(bench.app).setKind(Ban.Kind.ENDPOINT).setEndpointId(endpoint);
    }

    private Ban.Builder alias(String alias) {
        return Ban.newBuilder().setAppId(bench.app).setKind(Ban.Kind.ALIAS).setSubject(alias);
    }

    private long now() {
        return bench.clock.wallMillis();
    }
}
