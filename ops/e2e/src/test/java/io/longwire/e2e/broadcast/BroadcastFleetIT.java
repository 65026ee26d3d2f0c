package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.rest.Rest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broadcast to thousands of phones at three rooms, every part a process: a fifth of the phones is away and comes
 * back, others move between the rooms, parts die. Each phone gets it, none twice.
 */
@Tag("full")
class BroadcastFleetIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int PHONES = 3_000;
    private static final int AWAY = PHONES / 5;

    private static PartProcesses parts;
    private static SimulatedFleet fleet;
    private static Rest center;
    private static Rest otherCenter;

    @BeforeAll
    static void start() {
        parts = new PartProcesses("broadcast-parts", 3, 2);
        fleet = SimulatedFleet.start(Place.fresh("broadcast-fleet"), parts.product(), PHONES,
                List.of(parts.room(0), parts.room(1), parts.room(2)));
        center = new Rest(parts.api(0), parts.product().apiKey());
        otherCenter = new Rest(parts.api(1), parts.product().apiKey());
    }

    @AfterAll
    static void end() {
        center.close();
        otherCenter.close();
        fleet.close();
        parts.close();
    }

    /** Four fifths of the phones are there. */
    @BeforeEach
    void gather() {
        parts.restartDead();
        awaitOnline("join share=100", PHONES);
        fleet.order("reset run=1");
        assertThat(fleet.order("drop share=20 from=0")).isEqualTo(PHONES - AWAY);
    }

    @Test
    void reachesEachPhoneOnceWhileSomeAreAwayAndOthersMove() {
        Campaign campaign = Campaign.start(center, "moving", pace(PHONES / 15));

        for (int round = 0; round < 3; round++) {
            awaitReceived(campaign, PHONES * (round + 1L) / 10);
            int from = 20 + 20 * round;
            fleet.order((round == 1 ? "leave" : "drop") + " share=20 from=" + from);
            fleet.order("join share=20 from=" + from + " room=" + parts.room(round));
        }
        awaitOnline("join share=20 from=0 room=" + parts.room(2) + "," + parts.room(0), PHONES);

        awaitEachOnce(campaign);
        campaign.awaitState("walked", LIMIT);
        // A dropped socket may take an ack with it: the phone says later that it has the broadcast, not that it acked.
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(
                () -> assertThat(campaign.count("acked")).isBetween(PHONES * 99L / 100, (long) PHONES));
    }

    @Test
    void reachesEachPhoneOnceWhenCenterRoomAndSaversAreKilledInItsMiddle() {
        Campaign campaign = Campaign.start(center, "killed", pace(PHONES / 20)).through(otherCenter);
        awaitReceived(campaign, PHONES / 20);

        parts.kill9("center");
        awaitReceived(campaign, PHONES / 4);
        parts.kill9("saver-1");
        order(campaign, "pause");
        long reached = Still.at(() -> fleet.received(campaign.seq()));
        assertThat(reached).as("reached before the pause").isLessThan(PHONES - AWAY);

        parts.kill9("room-1");
        awaitOnline("join share=80 from=20 room=" + parts.room(1) + "," + parts.room(2), PHONES - AWAY);
        assertThat(Still.at(() -> fleet.received(campaign.seq()))).as("reached while paused").isEqualTo(reached);
        parts.restart("saver-1");
        parts.restart("room-1");
        awaitOnline("join share=20 from=0 room=" + parts.room(0), PHONES);

        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> campaign.pace(PHONES / 5));
        order(campaign, "resume");
        awaitReceived(campaign, reached + PHONES / 20);
        parts.kill9("saver-2");

        awaitEachOnce(campaign);
        parts.restartDead();
        campaign.awaitState("walked", LIMIT);
        // A room that dies takes the last second of who acked with it.
        assertThat(campaign.count("acked")).isBetween(PHONES * 9L / 10, (long) PHONES);
    }

    @Test
    void isPausedPacedAndCancelledInEveryRoomWithinASecond() {
        awaitOnline("join share=20 from=0 room=" + parts.room(0) + "," + parts.room(1), PHONES);
        Campaign campaign = Campaign.start(center, "steered", pace(60)).through(otherCenter);
        awaitReceived(campaign, 60);

        campaign.order("pause");
        assertThat(standsAfterASecond(campaign)).as("reached before the pause").isLessThan(PHONES / 2);

        campaign.order("resume");
        assertThat(rateAfterASecond(campaign)).as("deliveries a second at a pace of 60").isBetween(20.0, 90.0);
        campaign.pace(300);
        assertThat(rateAfterASecond(campaign)).as("deliveries a second at a pace of 300").isBetween(150.0, 400.0);
        campaign.pace(30);
        assertThat(rateAfterASecond(campaign)).as("deliveries a second at a pace of 30").isBetween(5.0, 60.0);

        campaign.pace(120);
        assertThat(rateAfterASecond(campaign)).as("deliveries a second at a pace of 120").isBetween(70.0, 170.0);
        campaign.order("cancel");
        long reached = standsAfterASecond(campaign);
        assertThat(reached).as("reached before the cancel").isLessThan(PHONES);
        fleet.order("drop share=50 from=0");
        awaitOnline("join share=50 from=0 room=" + parts.room(2), PHONES);
        assertThat(Still.at(() -> fleet.received(campaign.seq()))).as("reached once cancelled").isEqualTo(reached);
    }

    /** What came until a second from now, after which nothing more comes. */
    private static long standsAfterASecond(Campaign campaign) {
        long reached = Still.in(SECOND, () -> fleet.received(campaign.seq()));
        assertThat(Still.at(() -> fleet.received(campaign.seq()))).as("reached later than a second after the order")
                .isEqualTo(reached);
        return reached;
    }

    /** How fast it goes from a second from now on. */
    private static double rateAfterASecond(Campaign campaign) {
        Still.in(SECOND, () -> fleet.received(campaign.seq()));
        return Still.perSecond(SECOND.multipliedBy(2), () -> fleet.received(campaign.seq()));
    }

    @Test
    void isHeldAboveTheApprovedSizeAndReachesNobodyUntilItIsApproved() {
        Rest operator = parts.product().operator();
        try {
            approvedSize(operator, 100, true);
            Campaign held = Campaign.start(center, "large", "{}");
            assertThat(held.info().text("state")).isEqualTo("held");
            assertThat(held.info().text("reason")).matches("about \\d+ endpoints \\(expected: at most 100 .*");
            center.post("/v1/broadcasts/" + held.id() + ":approve", "{}").refused(403, "forbidden");
            assertThat(Still.at(() -> fleet.stats().path("broadcasts").asLong())).as("deliveries while held").isZero();

            operator.post("/v1/broadcasts/" + held.id() + ":approve", "{}").ok();

            Campaign going = held.through(otherCenter);
            awaitReceived(going, PHONES - AWAY);
            awaitOnline("join share=20 from=0", PHONES);
            awaitEachOnce(going);
        } finally {
            approvedSize(operator, 0, false);
            operator.close();
        }
    }

    /** The center of these tests believes it when the call returns. */
    private static void approvedSize(Rest operator, int endpoints, boolean everybodyIsMore) {
        operator.post("/v1/apps/" + parts.product().appId() + ":update",
                "{\"settings\":{\"broadcast_size\":" + endpoints + "}}").ok();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(Campaign.estimate(center, "{}").path("needs_approval")
                .asBoolean()).isEqualTo(everybodyIsMore));
    }

    private static String pace(int perSecond) {
        return "{\"ttl\":\"1h\",\"pace\":{\"rate_per_second\":" + perSecond + "}}";
    }

    /** A center whose saver has just died may refuse once or twice. */
    private static void order(Campaign campaign, String verb) {
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> campaign.order(verb));
    }

    /** Repeats the order until so many phones are online: those of a dead room may not know of it yet. */
    private static void awaitOnline(String join, int phones) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(fleet.order(join)).as("online; %s", fleet.stats()
                .path("trouble")).isEqualTo(phones));
    }

    private static void awaitReceived(Campaign campaign, long phones) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(fleet.received(campaign.seq()))
                .as("phones that have it").isGreaterThanOrEqualTo(phones));
    }

    private static void awaitEachOnce(Campaign campaign) {
        awaitReceived(campaign, PHONES);
        Still.at(() -> fleet.stats().path("broadcasts").asLong()); // time for doubles to come
        JsonNode came = fleet.broadcast(campaign.seq());
        assertThat(came.path("received").asLong()).as("received of %s", came).isEqualTo(PHONES);
        assertThat(came.path("duplicates").asLong()).as("duplicates of %s", came).isZero();
    }
}
