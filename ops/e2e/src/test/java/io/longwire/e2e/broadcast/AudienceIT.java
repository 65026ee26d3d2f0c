package io.longwire.e2e.broadcast;

import io.longwire.device.v1.NetType;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.policy.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.broadcast.Crowd.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Each condition of an audience, asked of phones with the real SDK: by the walk, and again at their login. */
class AudienceIT {
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final String GOLD = "{\"attribute\":{\"name\":\"plan\",\"values\":[\"gold\"]}}";
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "262-01");

    private final Crowd crowd = new Crowd("audience");

    @AfterEach
    void end() {
        crowd.close();
    }

    @Test
    void eachConditionHoldsForThePhonesThatAreSo() {
        Phone canadian = phone("android", 34, Locale.CANADA_FRENCH).network(WIFI);
        Phone german = phone("android", 29, Locale.GERMANY).network(CELL);
        Phone untold = phone("ios", 18, Locale.US);
        List<Phone> all = List.of(canadian, german, untold);
        all.forEach(Phone::start);
        all.forEach(phone -> phone.awaitOnline(LIMIT));
        canadian.app(0).setAttributes(Map.of("plan", "gold"));
        german.app(0).setAttributes(Map.of("plan", "basic"));
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(online("{\"attribute\":{\"name\":\"plan\"}}")).isEqualTo(2));
        var holds = new LinkedHashMap<String, List<Phone>>();
        holds.put("{\"networks\":[\"wifi\"]}", List.of(canadian));
        holds.put("{\"networks\":[\"3g\",\"4g\"]}", List.of(german));
        holds.put("{\"networks\":[\"ethernet\"]}", List.of(untold));
        holds.put("{\"languages\":[\"fr\",\"de\"]}", List.of(canadian, german));
        holds.put("{\"languages\":[\"f\"]}", List.of());
        holds.put("{\"regions\":[\"CA\",\"us\"]}", List.of(canadian, untold));
        holds.put("{\"os\":[\"Android\"]}", List.of(canadian, german));
        holds.put("{\"os_version\":{\"ge\":30}}", List.of(canadian));
        holds.put("{\"sdk_version\":{\"ge\":1000}}", all);
        holds.put("{\"sdk_version\":{\"lt\":1000}}", List.of());
        holds.put("{\"attribute\":{\"name\":\"plan\",\"values\":[\"gold\",\"silver\"]}}", List.of(canadian));
        holds.put("{\"attribute\":{\"name\":\"plan\"}}", List.of(canadian, german));
        holds.put("{\"away_days\":{\"eq\":0}}", all);
        holds.put("{\"away_days\":{\"ge\":1}}", List.of());
        holds.put("{\"any\":[{\"networks\":[\"wifi\"]},{\"not\":{\"os\":[\"android\"]}}]}", List.of(canadian, untold));
        holds.put("{\"all\":[{\"os\":[\"android\"]},{\"not\":" + GOLD + "}]}", List.of(german));

        var sent = new ArrayList<Campaign>();
        holds.keySet().forEach(audience -> sent.add(to(audience, audience)));
        sent.forEach(campaign -> campaign.awaitState("walked", LIMIT));
        Campaign.start(crowd.rest, "to all", "{}");

        Crowd.awaitOnceEach(all, "to all");
        holds.forEach((audience, phones) -> {
            for (Phone phone : all) {
                assertThat(phone.shownTexts().stream().filter(audience::equals).count()).as("%s of %s", phone, audience)
                        .isEqualTo(phones.contains(phone) ? 1 : 0);
            }
            assertThat(online(audience)).as(audience).isEqualTo(phones.size());
        });
    }

    @Test
    void aShareIsStableAndItsComplementIsTheRest() {
        List<Phone> phones = crowd.online(12);
        String half = "{\"percent\":{\"below\":50,\"salt\":\"spring\"}}";

        List<Campaign> sent = List.of(to("half", half), to("half again", half), to("rest", "{\"not\":" + half + "}"),
                to("more", "{\"percent\":{\"below\":80,\"salt\":\"spring\"}}"),
                to("none", "{\"percent\":{\"below\":0}}"), to("whole", "{\"percent\":{\"below\":100}}"));
        sent.forEach(campaign -> campaign.awaitState("walked", LIMIT));
        Campaign.start(crowd.rest, "to all", "{}");

        Crowd.awaitOnceEach(phones, "to all");
        Crowd.awaitOnceEach(phones, "whole");
        assertThat(Crowd.reached(phones, "none")).isZero();
        for (Phone phone : phones) {
            List<String> shown = phone.shownTexts();
            assertThat(shown.contains("half")).as(phone.toString()).isNotEqualTo(shown.contains("rest"))
                    .isEqualTo(shown.contains("half again"));
            assertThat(shown.contains("half") && !shown.contains("more")).as("in a share, not in a larger one")
                    .isFalse();
        }
    }

    @Test
    void whatAPhoneIsIsAskedAgainAtItsLogin() {
        Phone comesHome = phone("android", 34, Locale.GERMANY).network(CELL);
        Phone leavesHome = phone("android", 34, Locale.GERMANY).network(WIFI);
        Phone upgrades = phone("android", 29, Locale.GERMANY).network(CELL);
        Phone earns = phone("android", 29, Locale.GERMANY).network(CELL);
        List<Phone> all = List.of(comesHome, leavesHome, upgrades, earns);
        all.forEach(Phone::start);
        all.forEach(phone -> phone.awaitOnline(LIMIT));
        all.forEach(Phone::stop);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(Campaign.estimate(crowd.rest, "{}").path("online_total")
                .asInt()).isZero());
        List<Campaign> sent = List.of(to("at home", "{\"networks\":[\"wifi\"]}"),
                to("new system", "{\"os_version\":{\"ge\":33}}"),
                to("gold", GOLD), to("french", "{\"languages\":[\"fr\"]}"));
        sent.forEach(campaign -> campaign.awaitState("walked", LIMIT));

        comesHome.network(WIFI);
        leavesHome.network(CELL);
        upgrades.describe(builder -> builder.device("android", 35, "test").locale(Locale.FRANCE));
        crowd.rest.post("/v1/endpoints/" + earns.endpoint() + "/profile",
                "{\"set_attributes\":{\"plan\":\"gold\"}}").ok();
        all.forEach(Phone::start);
        Campaign.start(crowd.rest, "to all", "{}");

        Crowd.awaitOnceEach(all, "to all");
        Crowd.awaitOnceEach(List.of(comesHome), "at home");
        Crowd.awaitOnceEach(List.of(comesHome, leavesHome, upgrades), "new system");
        Crowd.awaitOnceEach(List.of(earns), "gold");
        Crowd.awaitOnceEach(List.of(upgrades), "french");
        assertThat(comesHome.shownTexts()).containsExactlyInAnyOrder("at home", "new system", "to all");
        assertThat(leavesHome.shownTexts()).containsExactlyInAnyOrder("new system", "to all");
        assertThat(upgrades.shownTexts()).containsExactlyInAnyOrder("new system", "french", "to all");
        assertThat(earns.shownTexts()).containsExactlyInAnyOrder("gold", "to all");
    }

    @Test
    void whoWasAwayForDaysIsKnownAtItsReturn() {
        Phone returning = crowd.online(1).getFirst();
        Phone regular = crowd.online(1).get(1);
        returning.stop();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(online("{}")).isEqualTo(1));
        to("welcome back", "{\"away_days\":{\"ge\":7}}").awaitState("walked", LIMIT);
        firstWasSeen(Duration.ofDays(8).plusHours(1));

        returning.start();

        Crowd.awaitOnceEach(List.of(returning), "welcome back");
        assertThat(online("{\"away_days\":{\"eq\":8}}")).isEqualTo(1);
        to("once more", "{\"away_days\":{\"ge\":8}}").awaitState("walked", LIMIT);
        to("never gone", "{\"away_days\":{\"lt\":1}}").awaitState("walked", LIMIT);
        Crowd.awaitOnceEach(List.of(returning), "once more");
        Crowd.awaitOnceEach(List.of(regular), "never gone");
        assertThat(returning.shownTexts()).containsExactly("welcome back", "once more");
        assertThat(regular.shownTexts()).containsExactly("never gone");
    }

    private Phone phone(String os, int osVersion, Locale locale) {
        return crowd.add().describe(builder -> builder.device(os, osVersion, "test").locale(locale));
    }

    private Campaign to(String text, String audience) {
        return Campaign.start(crowd.rest, text, "{\"audience\":" + audience + "}");
    }

    /** How many of them are there. */
    private int online(String audience) {
        return Campaign.estimate(crowd.rest, "{\"audience\":" + audience + "}").path("online").asInt();
    }

    /** Makes the app's first endpoint one that was seen for the last time so long ago. */
    private void firstWasSeen(Duration ago) {
        var platform = SharedPlatform.get();
        try (Connection connection = DriverManager.getConnection(platform.platform().stores().mariadb().jdbcUrl(),
                "longwire", Files.readString(platform.data().resolve("mysql-password")).strip());
                PreparedStatement update = connection.prepareStatement("UPDATE endpoint SET seen_at = ?,"
                        + " prev_seen_at = 0, login_at = 0 WHERE app = ? ORDER BY ord LIMIT 1")) {
            update.setLong(1, Clock.system().wallMillis() - ago.toMillis());
            update.setInt(2, crowd.product.appId());
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
