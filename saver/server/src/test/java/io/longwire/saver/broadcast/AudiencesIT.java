package io.longwire.saver.broadcast;

import io.longwire.rpc.audience.Attribute;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Compare;
import io.longwire.rpc.audience.Percent;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.saver.account.Seen;
import io.longwire.saver.profile.AliasRules;
import io.longwire.saver.profile.Profiles;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What profiles tell of audiences. */
final class AudiencesIT {
    private static final Audience VIP = Audience.newBuilder().setTag("vip").build();
    private static final Audience NEWS = Audience.newBuilder().setTopic("news").build();
    private static final Audience USER = Audience.newBuilder().addAliases("u1").addAliases("u2").build();
    private static final Audience GOLD = Audience.newBuilder()
            .setAttribute(Attribute.newBuilder().setName("level").addValues("gold")).build();
    private static final Audience AWAY = Audience.newBuilder().setAwayDays(Compare.newBuilder().setGe(3)).build();

    private BroadcastBench all;
    private Profiles profiles;
    private Matches matches;
    private Estimates estimates;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
        profiles = new Profiles(all.bench.shards, AliasRules.NONE, all.bench.clock);
        matches = new Matches(all.bench.shards, all.calls, all.bench.clock, all.bench.metrics);
        estimates = new Estimates(all.bench.shards, all.calls, all.bench.clock, all.bench.metrics);
    }

    @AfterEach
    void stop() {
        all.close();
    }

    @Test
    void tellsWhichConditionsHoldAlignedWithTheEndpoints() throws Exception {
        long plain = all.bench.newEndpoint();
        long vip = profile(update().addAddTags("vip").addAddTags("topic:news"));
        long user = profile(update().addBindAliases("u2").putSetAttributes("level", "gold"));
        List<Audience> conditions = List.of(VIP, NEWS, USER, GOLD);

        assertThat(match(all.bench.app, conditions, plain, vip, 12345L, user, vip)).containsExactly(0, 0b11, 0, 0b1100,
                0b11);
        assertThat(match(all.bench.app + 1, conditions, vip, user)).as("another app's").containsExactly(0, 0);
        var many = new ArrayList<Long>();
        for (long i = 0; i < 999; i++) {
            many.add(i << 12 | i);
        }
        many.add(vip);
        assertThat(match(all.bench.app, conditions, many.toArray(Long[]::new))).hasSize(1_000).endsWith(0b11);
    }

    @Test
    void countsTheDaysBetweenTheLastTwoTimesAnEndpointWasSeen() throws Exception {
        long endpoint = profile(update().addAddTags("vip"));
        List<Audience> conditions = List.of(AWAY, VIP);
        assertThat(match(all.bench.app, conditions, endpoint, 77L)).as("new: never away").containsExactly(0b10, 0);
        try (var seen = new Seen(all.bench.shards, all.bench.clock, all.bench.metrics)) {
            all.bench.clock.advance(Duration.ofDays(4));
            seen.note(endpoint, 0);
            await().until(() -> match(all.bench.app, conditions, endpoint).equals(List.of(0b11)));
            long first = all.bench.count("SELECT seen_at FROM endpoint WHERE ep = " + endpoint);
            assertThat(first).isEqualTo(all.bench.clock.wallMillis());

            all.bench.clock.advance(Duration.ofHours(7));
            seen.note(endpoint, 0);
            await().until(() -> match(all.bench.app, conditions, endpoint).equals(List.of(0b10)));
            assertThat(all.bench.count("SELECT prev_seen_at FROM endpoint WHERE ep = " + endpoint)).isEqualTo(first);
        }
    }

    @Test
    void countsTheDaysBeforeTheConnectionThatIsAskedAboutHoweverLongItLasts() throws Exception {
        long endpoint = all.bench.newEndpoint();
        try (var seen = new Seen(all.bench.shards, all.bench.clock, all.bench.metrics)) {
            all.bench.clock.advance(Duration.ofDays(4));
            assertThat(away(endpoint, 1)).as("its return is not noted yet").isEqualTo(1);
            note(seen, endpoint, 1);
            assertThat(away(endpoint, 1)).as("noted").isEqualTo(1);
            for (int halfDay = 1; halfDay <= 10; halfDay++) { // it stays for five days
                all.bench.clock.advance(Duration.ofHours(12));
                note(seen, endpoint, halfDay * 12 * 3_600);
            }
            assertThat(away(endpoint, 5 * 86_400)).as("the same connection").isEqualTo(1);

            all.bench.clock.advance(Duration.ofHours(7));

            assertThat(away(endpoint, 1)).as("connected all the time").isZero();
            note(seen, endpoint, 1);
            assertThat(away(endpoint, 1)).isZero();
            all.bench.clock.advance(Duration.ofDays(4));
            assertThat(away(endpoint, 1)).isEqualTo(1);
            all.bench.clock.advance(Duration.ofHours(1));
            note(seen, endpoint, 3_600); // the app did not run at its login
            assertThat(away(endpoint, 3_600)).isEqualTo(1);
        }
    }

    private int away(long endpoint, int onlineSeconds) throws Exception {
        return get(matches.match(request(all.bench.app, List.of(AWAY), endpoint).toBuilder().addOnlineS(onlineSeconds)
                .build(), () -> false)).getHolds(0);
    }

    private void note(Seen seen, long endpoint, int onlineSeconds) {
        seen.note(endpoint, onlineSeconds);
        await().untilAsserted(() -> assertThat(all.bench.count("SELECT seen_at FROM endpoint WHERE ep = " + endpoint))
                .isEqualTo(all.bench.clock.wallMillis()));
    }

    @Test
    void readsNothingMoreForACallerThatHasLeft() throws Exception {
        Long[] many = java.util.stream.LongStream.range(0, 1_000).boxed().toArray(Long[]::new);
        var asked = new AtomicInteger();

        var match = matches.match(request(all.bench.app, List.of(VIP), many), () -> asked.incrementAndGet() > 2);

        assertThatThrownBy(() -> get(match)).hasMessageContaining("the caller waits no more");
        assertThat(all.bench.metrics.counter(SaverMetric.MATCHED_ENDPOINTS).count()).as("one statement of two")
                .isEqualTo(500);
        assertThat(all.bench.metrics.counter(SaverMetric.MATCHES_LEFT).count()).isEqualTo(1);
    }

    @Test
    void refusesConditionsThatNoProfileTells() {
        var percent = Audience.newBuilder().setPercent(Percent.newBuilder().setBelow(1)).build();
        assertThatThrownBy(() -> match(all.bench.app, List.of(percent), 1L))
                .hasMessageContaining("(expected: tag, topic, aliases, attribute or away_days)");
        assertThatThrownBy(() -> match(all.bench.app, List.of(), 1L)).hasMessageContaining("conditions, endpoint_ids");
        var many = java.util.stream.LongStream.range(0, 1_001).boxed().toArray(Long[]::new);
        assertThatThrownBy(() -> match(all.bench.app, List.of(VIP), many)).hasMessageContaining("at most 1000");
    }

    @Test
    void estimatesFromWholeSlotsWhatMayBeInAnAudience() throws Exception {
        long vip = profile(update().addAddTags("vip"));
        profile(update().addAddTags("vip"));
        for (int i = 0; i < 30; i++) {
            all.bench.newEndpoint();
        }
        all.bench.execute("UPDATE endpoint SET state = 2 WHERE ep = " + vip);

        EstimateReply whole = estimate(Audience.getDefaultInstance(), 4096);
        assertThat(whole).returns(31L, EstimateReply::getEndpoints).returns(31L, EstimateReply::getMatching)
                .returns(4096, EstimateReply::getSlots);
        assertThat(whole.getMatchingBySlotList()).hasSize(4096);
        assertThat(whole.getMatchingBySlotList().stream().mapToLong(Long::longValue).sum()).isEqualTo(31);
        assertThat(estimate(VIP, 4096).getMatching()).isEqualTo(1);
        assertThat(estimate(Audience.newBuilder().setNot(VIP).build(), 4096).getMatching()).isEqualTo(30);
        assertThat(estimate(Audience.newBuilder().addAll(VIP).addAll(Audience.newBuilder().addRegions("FR")).build(),
                4096).getMatching()).as("what only the phone tells counts as holding").isEqualTo(1);
        assertThat(estimate(VIP, 0).getSlots()).isEqualTo(16);
        assertThat(estimate(VIP, 7).getMatchingBySlotList()).hasSize(7);
        assertThatThrownBy(() -> estimate(VIP, 4097)).hasMessageContaining("slots: 4097 (expected: at most 4096)");
    }

    @Test
    void readsASlotPageByPageAndEndsWithTheSlotsThatAreWhole() throws Exception {
        // 5,000 in slot 1, at both ends of the numbers; 130,000 in slots 2 and 3: more rows than are looked at
        String columns = "INSERT INTO endpoint (slot, ep, app, ord, state, created_at, seen_at, install_hash,"
                + " package_name, certificate) SELECT ";
        String row = all.bench.app + ", 0, 1, 0, 0, '', '', '' FROM seq_1_to_";
        all.bench.execute(columns + "1, IF(seq % 2, 1, -1) * CAST(seq * 4096 AS SIGNED) + 1, " + row + "5000");
        all.bench.execute(columns + "2, seq * 4096 + 2, " + row + "130000");
        all.bench.execute(columns + "3, seq * 4096 + 3, " + row + "130000");

        EstimateReply reply = estimate(Audience.getDefaultInstance(), 4096);

        assertThat(reply.getSlots()).isLessThan(4096);
        assertThat(reply.getMatchingBySlotList()).as("never a part of a slot").isSubsetOf(0L, 5_000L, 130_000L);
        assertThat(reply.getEndpoints()).isIn(130_000L, 135_000L);
        all.bench.execute("DELETE FROM endpoint WHERE slot > 1");
        assertThat(estimate(Audience.getDefaultInstance(), 4096).getMatching()).isEqualTo(5_000);
    }

    private EstimateReply estimate(Audience audience, int slots) throws Exception {
        return get(estimates.estimate(EstimateRequest.newBuilder().setAppId(all.bench.app).setAudience(audience)
                .setSlots(slots).build()));
    }

    private List<Integer> match(int app, List<Audience> conditions, Long... endpoints) throws Exception {
        return get(matches.match(request(app, conditions, endpoints), () -> false)).getHoldsList();
    }

    private static MatchProfilesRequest request(int app, List<Audience> conditions, Long... endpoints) {
        return MatchProfilesRequest.newBuilder().setAppId(app).addAllConditions(conditions)
                .addAllEndpointIds(List.of(endpoints)).build();
    }

    private static ProfileUpdate.Builder update() {
        return ProfileUpdate.newBuilder();
    }

    private long profile(ProfileUpdate.Builder update) throws Exception {
        long endpoint = all.bench.newEndpoint();
        profiles.update(update.setAppId(all.bench.app).setEndpointId(endpoint).build());
        return endpoint;
    }
}
