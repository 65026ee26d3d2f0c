package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction.Hole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.broadcast.Crowd.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Broadcasts to phones with the real SDK, over two rooms: who gets one, when, and once. */
class BroadcastIT {
    private static final int MANY = 50;
    private static final int FEW = 12;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Crowd crowd = new Crowd("broadcast");

    @AfterEach
    void end() {
        crowd.close();
    }

    @Test
    void reachesEachPhoneOnceAndThoseThatWereAwayAtTheirReturn() {
        List<Phone> phones = crowd.online(MANY);
        List<Phone> away = phones.subList(0, MANY / 5);
        List<Phone> here = phones.subList(MANY / 5, MANY);
        away.forEach(Phone::stop);

        Campaign first = Campaign.start(crowd.rest, "first", "{}");
        Crowd.awaitOnceEach(here, "first");
        first.awaitState("walked", LIMIT);
        assertThat(Crowd.reached(away, "first")).isZero();
        Campaign second = Campaign.start(crowd.rest, "second", "{\"ttl\":\"1h\"}");
        assertThat(second.seq()).isEqualTo(first.seq() + 1);
        away.forEach(Phone::start);

        Crowd.awaitOnceEach(phones, "first");
        Crowd.awaitOnceEach(phones, "second");
        first.awaitCount("acked", MANY, LIMIT);
        second.awaitCount("acked", MANY, LIMIT);
        assertThat(phones.getFirst().shown()).allMatch(message -> message.isBroadcast()
                && List.of(first.id(), second.id()).contains(message.id()));

        restart(phones);
        Campaign.start(crowd.rest, "third", "{}");
        Crowd.awaitOnceEach(phones, "third");
        Crowd.awaitOnceEach(phones, "first");
        Crowd.awaitOnceEach(phones, "second");
    }

    @Test
    void countsAnAckThatWasLostWithItsSocketAndNoneTwice() {
        try (var proxy = ChaosProxy.to(SharedPlatform.get().listener(0, "tcp"), 11);
                var dispatcher = new RoutedDispatcher(crowd.product.dispatcher(), List.of(proxy.address()));
                var phones = new Phones("lost-ack", new History())) {
            Phone phone = phones.online(1, crowd.product.through(dispatcher.url()), LIMIT).all().getFirst();
            Campaign heard = Campaign.start(crowd.rest, "heard", "{}");
            heard.awaitCount("acked", 1, LIMIT);
            long discarded = proxy.toServer().discardedBytes();
            proxy.toServer().blackHole(Hole.DISCARD);
            Campaign lost = Campaign.start(crowd.rest, "lost", "{\"priority\":\"HIGH\"}");
            Crowd.awaitOnceEach(List.of(phone), "lost");
            await().atMost(LIMIT).until(() -> proxy.toServer().discardedBytes() > discarded);

            proxy.toServer().heal();
            proxy.cut();

            lost.awaitCount("acked", 1, LIMIT);
            assertThat(heard.count("acked")).isEqualTo(1);
            Crowd.awaitOnceEach(List.of(phone), "lost");
        }
    }

    @Test
    void standsStillWhilePausedEvenForLoginsAndGoesOnAtItsNewPace() {
        List<Phone> phones = crowd.online(FEW);
        Phone late = online();
        late.stop();
        Campaign campaign = Campaign.start(crowd.rest, "slow", "{\"pace\":{\"rate_per_second\":1}}");
        await().atMost(LIMIT).until(() -> Crowd.reached(phones, "slow") >= 2);

        assertThat(campaign.order("pause").text("state")).isEqualTo("paused");
        late.start();
        late.awaitOnline(LIMIT);
        Phone installedMeanwhile = online();
        long reached = Still.at(() -> Crowd.reached(phones, "slow"));
        assertThat(reached).isLessThan(FEW);
        assertThat(late.shownTexts()).isEmpty();

        campaign.pace(1_000);
        assertThat(campaign.order("resume").text("state")).isEqualTo("running");

        var all = new ArrayList<>(phones);
        all.add(late);
        Crowd.awaitOnceEach(all, "slow");
        campaign.awaitState("walked", LIMIT);
        assertThat(installedMeanwhile.shownTexts()).isEmpty();
    }

    @Test
    void isPausedPacedAndCancelledWithinASecond() {
        List<Phone> phones = crowd.online(MANY);
        Campaign campaign = Campaign.start(crowd.rest, "steered", "{\"pace\":{\"rate_per_second\":4}}");
        await().atMost(LIMIT).until(() -> Crowd.reached(phones, "steered") >= 2);

        campaign.order("pause");
        standsAfterASecond(phones, "steered");

        campaign.pace(12);
        campaign.order("resume");
        Still.in(SECOND, () -> 0);
        assertThat(Still.perSecond(SECOND, () -> Crowd.reached(phones, "steered"))).as("a second, at a pace of 12")
                .isBetween(6.0, 18.0);
        campaign.order("cancel");
        assertThat(standsAfterASecond(phones, "steered")).isLessThan(MANY);
    }

    /** How many were shown it a second from now, after which nobody is. */
    private static long standsAfterASecond(List<Phone> phones, String text) {
        long reached = Still.in(SECOND, () -> Crowd.reached(phones, text));
        assertThat(Still.at(() -> Crowd.reached(phones, text))).as("shown later than a second after the order")
                .isEqualTo(reached);
        return reached;
    }

    @Test
    void aSlowPausedOrCanaryOneIsNotLostBehindAFastOne() {
        List<Phone> phones = crowd.online(FEW);
        Campaign slow = Campaign.start(crowd.rest, "slow", "{\"pace\":{\"rate_per_second\":1}}");
        Campaign canary = Campaign.start(crowd.rest, "canary", "{\"canary\":{\"percent\":50,\"wait\":true}}");
        await().atMost(LIMIT).until(() -> Crowd.reached(phones, "slow") >= 2);
        slow.order("pause");
        Campaign fast = Campaign.start(crowd.rest, "fast", "{}");
        Crowd.awaitOnceEach(phones, "fast");
        fast.awaitState("walked", LIMIT);

        restart(phones);
        Campaign.start(crowd.rest, "faster", "{}").awaitState("walked", LIMIT);
        Crowd.awaitOnceEach(phones, "faster");
        assertThat(Crowd.reached(phones, "slow")).isLessThan(FEW);
        assertThat(Crowd.reached(phones, "canary")).isLessThan(FEW);
        slow.pace(1_000);
        slow.order("resume");
        canary.order("advance");

        Crowd.awaitOnceEach(phones, "slow");
        Crowd.awaitOnceEach(phones, "canary");
        slow.awaitState("walked", LIMIT);
        canary.awaitState("walked", LIMIT);
        restart(phones);
        Campaign.start(crowd.rest, "last", "{}");
        for (String text : List.of("last", "fast", "faster", "slow", "canary")) {
            Crowd.awaitOnceEach(phones, text);
        }
        slow.awaitCount("acked", FEW, LIMIT);
        canary.awaitCount("acked", FEW, LIMIT);
    }

    private static void restart(List<Phone> phones) {
        phones.forEach(Phone::restart);
        phones.forEach(phone -> phone.awaitOnline(LIMIT));
    }

    private Phone online() {
        Phone one = crowd.add();
        one.start();
        return one.awaitOnline(LIMIT);
    }

    @Test
    void tellsOfEachEndpointWhereItIsAndWhy() {
        List<Phone> phones = crowd.online(4);
        Phone shown = phones.get(1);
        Phone away = phones.get(2);
        Phone acked = phones.get(3);
        away.stop();
        Campaign campaign = Campaign.start(crowd.rest, "where", "{\"ttl\":\"1h\"}");
        Crowd.awaitOnceEach(List.of(phones.getFirst(), shown, acked), "where");
        Phone later = online();
        phones.getFirst().app(0).reportClicked(campaign.id());
        shown.app(0).reportShown(campaign.id());
        campaign.awaitCount("clicked", 1, LIMIT);
        campaign.awaitCount("shown", 1, LIMIT);
        campaign.awaitCount("acked", 3, LIMIT);

        assertThat(told(campaign, phones.getFirst(), "clicked")).isEqualTo("clicked");
        assertThat(told(campaign, shown, "shown")).isEqualTo("shown");
        assertThat(told(campaign, acked, "acked")).isEqualTo("acked");
        assertThat(told(campaign, later, "not_in_audience")).isEqualTo("registered_later");
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(told(campaign, away, "waiting")).isEqualTo("offline"));
        Answer funnel = crowd.rest.get("/v1/messages/" + campaign.id()).ok();
        assertThat(funnel.text("broadcast_id")).isEqualTo(campaign.id());
        assertThat(funnel.body().path("ended").path("acked").asLong()).isEqualTo(3);
        assertThat(funnel.body().path("receipts").path("clicked").asLong()).isEqualTo(1);
        campaign.order("cancel");
        assertThat(told(campaign, away, "cancelled")).isEqualTo("cancelled");
        assertThat(told(campaign, acked, "acked")).isEqualTo("acked");
    }

    /** The reason code of the endpoint's timeline, which came within a second and has this state. */
    private String told(Campaign campaign, Phone phone, String state) {
        Answer timeline = Answer.withinASecond(() -> crowd.rest.timeline(campaign.id(), phone.endpoint()).ok());
        assertThat(timeline.text("state")).as("%s", timeline.body()).isEqualTo(state);
        return timeline.text("reason_code");
    }

    @Test
    void goesAtItsTimeAndOnce() {
        List<Phone> phones = crowd.online(FEW);
        var scheduled = Campaign.later(crowd.rest, "in time", "{\"not_before\":\"6s\",\"idempotency_key\":\"once\"}");
        var again = Campaign.later(crowd.rest, "in time", "{\"not_before\":\"6s\",\"idempotency_key\":\"once\"}");

        Crowd.awaitOnceEach(phones, "in time");
        assertThat(again.text("schedule_id")).isEqualTo(scheduled.text("schedule_id"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                crowd.rest.get("/v1/schedules/" + scheduled.text("schedule_id")).ok().text("state")).isEqualTo("done"));
        assertThat(Crowd.reached(phones, "in time")).isEqualTo(FEW);
    }

    @Test
    void goesToThoseOfTheAudienceByTagAndVersion() {
        var phones = new ArrayList<Phone>();
        for (int i = 0; i < FEW; i++) {
            Phone phone = crowd.add().appVersion(i % 2 == 0 ? 200 : 300);
            phone.start();
            phones.add(phone);
        }
        phones.forEach(phone -> phone.awaitOnline(LIMIT));
        List<Phone> gold = phones.subList(0, FEW / 2);
        gold.forEach(phone -> phone.app(0).addTags("gold"));
        String newGold = "{\"audience\":{\"all\":[{\"tag\":\"gold\"},{\"app_version\":{\"ge\":\"300\"}}]}}";
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode estimate = Campaign.estimate(crowd.rest, newGold);
            assertThat(estimate.path("online").asLong()).as("online of %s", estimate).isEqualTo(FEW / 4);
            assertThat(estimate.path("online_total").asLong()).isEqualTo(FEW);
        });

        Campaign.start(crowd.rest, "to new gold", newGold).awaitState("walked", LIMIT);
        Campaign.start(crowd.rest, "to the others",
                "{\"audience\":{\"not\":{\"tag\":\"gold\"}}}").awaitState("walked", LIMIT);
        Campaign.start(crowd.rest, "to all", "{}");

        Crowd.awaitOnceEach(phones, "to all");
        Crowd.awaitOnceEach(gold.stream().filter(phone -> phones.indexOf(phone) % 2 == 1).toList(), "to new gold");
        Crowd.awaitOnceEach(phones.subList(FEW / 2, FEW), "to the others");
        assertThat(Crowd.reached(phones, "to new gold")).isEqualTo(FEW / 4);
        assertThat(Crowd.reached(phones, "to the others")).isEqualTo(FEW / 2);
    }

    @Test
    void goesToTheSubscribersOfATopicAsLongAsTheyAre() {
        List<Phone> phones = crowd.online(FEW);
        List<Phone> fans = phones.subList(0, 4);
        fans.forEach(phone -> phone.app(0).subscribe("matches"));
        String topic = "{\"audience\":{\"topic\":\"matches\"}}";
        awaitAudience(topic, 4);

        Campaign.start(crowd.rest, "kick-off", topic).awaitState("walked", LIMIT);
        Crowd.awaitOnceEach(fans, "kick-off");
        fans.getFirst().app(0).unsubscribe("matches");
        awaitAudience(topic, 3);
        Campaign.start(crowd.rest, "goal", topic).awaitState("walked", LIMIT);
        Campaign.start(crowd.rest, "to all", "{}");

        Crowd.awaitOnceEach(phones, "to all");
        Crowd.awaitOnceEach(fans.subList(1, 4), "goal");
        assertThat(Crowd.reached(phones, "kick-off")).isEqualTo(4);
        assertThat(Crowd.reached(phones, "goal")).isEqualTo(3);
    }

    @Test
    void goesToThoseWhomTheBackendSubscribedAsLongAsTheyAre() {
        List<Phone> phones = crowd.online(4);
        Phone byApi = phones.getFirst();
        Phone bySdk = phones.get(1);
        bySdk.app(0).subscribe("matches");
        assertThat(profile(byApi, "add_tags").texts("tags")).containsExactly("topic:matches");
        String topic = "{\"audience\":{\"topic\":\"matches\"}}";
        awaitAudience(topic, 2);

        Campaign.start(crowd.rest, "kick-off", topic).awaitState("walked", LIMIT);
        Crowd.awaitOnceEach(List.of(byApi, bySdk), "kick-off");
        byApi.app(0).unsubscribe("matches");
        awaitAudience(topic, 1);
        assertThat(profile(bySdk, "remove_tags").texts("tags")).isEmpty();
        Campaign.start(crowd.rest, "goal", topic).awaitState("walked", LIMIT);
        Campaign.start(crowd.rest, "to all", "{}");

        Crowd.awaitOnceEach(phones, "to all");
        assertThat(Crowd.reached(phones, "kick-off")).isEqualTo(2);
        assertThat(Crowd.reached(phones, "goal")).isZero();
    }

    private Answer profile(Phone phone, String change) {
        return crowd.rest.post("/v1/endpoints/" + phone.endpoint() + "/profile",
                "{\"" + change + "\":[\"topic:matches\"]}").ok();
    }

    @Test
    void tellsWhoIsLeftToItsCursorUntilItsAppRuns() {
        List<Phone> phones = crowd.online(4);
        Phone asleep = phones.getFirst();
        asleep.app(0).pause();
        crowd.rest.send(Mail.to(asleep.endpoint()).text("are you there")).ok();
        await().atMost(LIMIT).until(() -> crowd.rest.endpoint(asleep.endpoint()).text("app_running").equals("no"));

        Campaign campaign = Campaign.start(crowd.rest, "later", "{}");

        campaign.awaitState("walked", LIMIT);
        campaign.awaitCount("acked", 3, LIMIT);
        JsonNode counts = campaign.info().body().path("counts");
        assertThat(counts.path("left_to_cursor").asLong()).as("left_to_cursor of %s", counts).isEqualTo(1);
        assertThat(counts.path("targeted").asLong()).as("targeted of %s", counts).isEqualTo(4);
        assertThat(counts.path("written").asLong()).as("written of %s", counts).isEqualTo(3);
        assertThat(Crowd.reached(List.of(asleep), "later")).isZero();
        asleep.app(0).resume();
        Crowd.awaitOnceEach(phones, "later");
        campaign.awaitCount("acked", 4, LIMIT);
    }

    @Test
    void goesToACanaryFirstAndToTheOthersWhenToldTo() {
        List<Phone> phones = crowd.online(30);
        Campaign campaign = Campaign.start(crowd.rest, "careful", "{\"canary\":{\"percent\":50,\"wait\":true}}");
        await().atMost(LIMIT).until(() -> Crowd.reached(phones, "careful") >= 1);
        long canary = Still.at(() -> Crowd.reached(phones, "careful"));
        assertThat(canary).isBetween(1L, 29L);
        assertThat(campaign.info().text("stage")).isEqualTo("canary");

        assertThat(campaign.order("advance").text("stage")).isEqualTo("all");

        Crowd.awaitOnceEach(phones, "careful");
        campaign.awaitState("walked", LIMIT);
        campaign.awaitCount("acked", 30, LIMIT);
    }

    @Test
    void isTakenBackFromThoseWhoHaveItAndNeverShownToTheOthers() {
        List<Phone> phones = crowd.online(FEW);
        Phone away = phones.getFirst();
        away.stop();
        List<Phone> here = phones.subList(1, FEW);
        Campaign wrong = Campaign.start(crowd.rest, "wrong", "{}");
        Crowd.awaitOnceEach(here, "wrong");
        here.getFirst().app(0).reportClicked(wrong.id());
        wrong.awaitCount("clicked", 1, LIMIT);

        Campaign revocation = wrong.revoke();

        List<Phone> revoked = here.subList(1, here.size());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(revoked)
                .allMatch(phone -> phone.revoked().equals(List.of(wrong.id()))));
        wrong.awaitState("cancelled", LIMIT);
        revocation.awaitCount("acked", FEW - 1, LIMIT);
        away.start();
        Campaign.start(crowd.rest, "right", "{}");
        Crowd.awaitOnceEach(phones, "right");
        assertThat(away.shownTexts()).containsExactly("right");
        assertThat(away.revoked()).isEmpty();
        assertThat(here.getFirst().revoked()).as("opened before").isEmpty();
    }

    @Test
    void reachesNobodyMoreOnceCancelled() {
        List<Phone> phones = crowd.online(FEW);
        Campaign campaign = Campaign.start(crowd.rest, "stop", "{\"pace\":{\"rate_per_second\":1}}");
        await().atMost(LIMIT).until(() -> Crowd.reached(phones, "stop") >= 2);

        assertThat(campaign.order("cancel").text("state")).isEqualTo("cancelled");

        long reached = Still.at(() -> Crowd.reached(phones, "stop"));
        assertThat(reached).isLessThan(FEW);
        restart(phones);
        Campaign.start(crowd.rest, "next", "{}");
        Crowd.awaitOnceEach(phones, "next");
        assertThat(Crowd.reached(phones, "stop")).isEqualTo(reached);
    }

    @Test
    void countsWhoWasShownAndWhoClicked() {
        List<Phone> phones = crowd.online(FEW);
        Campaign campaign = Campaign.start(crowd.rest, "look", "{}");
        Crowd.awaitOnceEach(phones, "look");

        phones.subList(0, 5).forEach(phone -> phone.app(0).reportShown(campaign.id()));
        phones.subList(0, 2).forEach(phone -> phone.app(0).reportClicked(campaign.id()));

        campaign.awaitCount("shown", 5, LIMIT);
        campaign.awaitCount("clicked", 2, LIMIT);
        campaign.awaitCount("acked", FEW, LIMIT);
    }

    private void awaitAudience(String audience, int online) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(Campaign.estimate(crowd.rest, audience)
                .path("online").asLong()).isEqualTo(online));
    }
}
