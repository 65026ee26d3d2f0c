package io.longwire.e2e.broadcast;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.longwire.e2e.broadcast.Crowd.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Broadcasts that must not be: refused with a problem that names the place, and no phone hears of them. */
class BroadcastBadInputIT {
    private static final String TAG = "{\"tag\":\"a\"}";

    private final Crowd crowd = new Crowd("bad-broadcasts");
    private final Rest operator = crowd.product.operator();

    @AfterEach
    void end() {
        operator.close();
        crowd.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "`{\"tagg\":\"beta\"}`|audience.tagg", //
            "`{\"app_version\":{\"above\":3}}`|audience.app_version.above", //
            "`{\"app_version\":{}}`|audience.app_version", //
            "`{\"os_version\":{\"gt\":9,\"lt\":9}}`|audience.os_version", //
            "`{\"tag\":\"a\",\"topic\":\"b\"}`|audience", //
            "`{\"not\":{}}`|audience.not", //
            "`{\"networks\":[\"carrier pigeon\"]}`|audience.networks", //
            "`{\"percent\":{\"below\":101}}`|audience.percent.below", //
            "`{\"all\":[{\"tag\":\"a\"},{\"attribute\":{\"values\":[\"x\"]}}]}`|audience.all[1].attribute.name", //
            "`[]`|audience", "`\"everybody\"`|audience"})
    void refusesAnAudienceThatBreaksARuleAndNamesThePlace(String audience, String place) {
        Answer answer = create("\"audience\":" + audience).refused(400, "invalid_argument");

        assertThat(answer.detail()).startsWith(place).contains("(expected: ");
    }

    @Test
    void refusesAnAudienceThatIsTooDeepOrTooWide() {
        assertThat(create("\"audience\":" + deep(7)).ok().text("state")).as("8 deep").isEqualTo("dry_run");
        assertThat(create("\"audience\":" + deep(8)).refused(400, "invalid_argument").detail())
                .contains(".not: depth 9 (expected: at most 8 deep)");
        assertThat(create("\"audience\":" + deep(5_000)).status()).as("5,000 deep").isEqualTo(400);

        String wide = Collections.nCopies(65, "{\"os\":[\"android\"]}").stream().collect(Collectors.joining(",",
                "{\"any\":[", "]}"));
        assertThat(create("\"audience\":" + wide).refused(400, "invalid_argument").detail())
                .startsWith("audience.any[64].os: condition 65 (expected: at most 64 in all)");
        String ofProfiles = Collections.nCopies(33, TAG).stream().collect(Collectors.joining(",", "{\"any\":[", "]}"));
        for (int i = 0; i < 33; i++) {
            ofProfiles = ofProfiles.replaceFirst("\"a\"", "\"t" + i + "\"");
        }
        assertThat(create("\"audience\":" + ofProfiles).refused(400, "invalid_argument").detail())
                .startsWith("audience.any[32].tag: condition 33 (expected: at most 32 on tags");
    }

    private static String deep(int nots) {
        return "{\"not\":".repeat(nots) + TAG + "}".repeat(nots);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "`\"pace\":{\"rate_per_second\":10,\"duration\":\"1m\"}`|pace", //
            "`\"pace\":{\"rate_per_second\":10000001}`|pace.rate_per_second", //
            "`\"pace\":{\"duration\":\"25h\"}`|pace.duration", "`\"ttl\":\"59s\"`|ttl", //
            "`\"canary\":{\"percent\":0}`|canary.percent", "`\"canary\":{\"percent\":100}`|canary.percent", //
            "`\"canary\":{\"percent\":5,\"wait\":true,\"hold\":\"1h\"}`|canary.hold", //
            "`\"canary\":{\"percent\":5,\"max_failed_percent\":101}`|canary.max_failed_percent", //
            "`\"list\":\"nonsense\"`|list", "`\"colour\":\"red\"`|colour"})
    void refusesOptionsThatCannotBe(String options, String place) {
        Answer answer = create(options).refused(400, "invalid_argument");

        assertThat(answer.detail()).startsWith(place).contains("(expected: ");
    }

    @Test
    void aSecondStartOrWhatItsStateForbidsIsAConflict() {
        List<Phone> phones = crowd.online(2);
        Campaign campaign = Campaign.start(crowd.rest, "once", "{\"idempotency_key\":\"start\"}");
        Crowd.awaitOnceEach(phones, "once");

        assertThat(Campaign.start(crowd.rest, "once", "{\"idempotency_key\":\"start\"}").id())
                .as("the same once more").isEqualTo(campaign.id());
        crowd.rest.post("/v1/broadcasts", "{\"payload\":\"aGk=\",\"idempotency_key\":\"start\"}").refused(409,
                "idempotency_conflict");
        campaign.awaitState("walked", LIMIT);
        assertThat(order(campaign, "resume").refused(409, "wrong_state").detail())
                .isEqualTo("state: walked (expected: paused)");
        assertThat(order(campaign, "pause").refused(409, "wrong_state").detail())
                .isEqualTo("state: walked (expected: running, paused)");
        assertThat(order(campaign, "advance").refused(409, "wrong_state").detail())
                .isEqualTo("stage: all (expected: canary)");
        Campaign next = Campaign.start(crowd.rest, "next", "{\"canary\":{\"percent\":50,\"wait\":true}}");
        assertThat(order(next, "resume").refused(409, "wrong_state").detail())
                .isEqualTo("state: running (expected: paused)");
        next.order("pause");
        next.order("resume");
        order(next, "resume").refused(409, "wrong_state");
        next.order("cancel");
        order(next, "resume").refused(409, "wrong_state");
        Crowd.awaitOnceEach(phones, "once");
    }

    @Test
    void anAppCannotApproveNorTouchWhatIsAnothers() {
        Campaign campaign = Campaign.start(crowd.rest, "mine", "{\"canary\":{\"percent\":50,\"wait\":true}}");
        order(campaign, "approve").refused(403, "forbidden");

        try (var stranger = new Crowd("bad-broadcasts-other")) {
            for (String verb : List.of("pause", "resume", "cancel", "revoke", "advance")) {
                stranger.rest.post("/v1/broadcasts/" + campaign.id() + ":" + verb, "{}").refused(404,
                        "unknown_broadcast");
            }
            stranger.rest.get("/v1/broadcasts/" + campaign.id()).refused(404, "unknown_broadcast");
        }
        operator.post("/v1/broadcasts/" + campaign.id() + ":approve", "{}").refused(409, "wrong_state");
        crowd.rest.post("/v1/broadcasts/0000000000001:pause", "{}").refused(404, "unknown_broadcast");
        crowd.rest.post("/v1/broadcasts/!!:pause", "{}").refused(400, "invalid_argument");
        assertThat(campaign.info().text("state")).isEqualTo("running");
    }

    @Test
    void whatIsAboveTheApprovedSizeReachesNobodyUntilTheOperatorApproves() {
        List<Phone> phones = crowd.online(3);
        String list = sealed(phones);
        operator.post("/v1/apps/" + crowd.product.appId() + ":update", "{\"settings\":{\"broadcast_size\":2}}").ok();
        String toList = "{\"list\":\"" + list + "\"}";
        await().atMost(LIMIT).untilAsserted(() -> assertThat(Campaign.estimate(crowd.rest, toList)
                .path("needs_approval").asBoolean()).isTrue());

        Campaign held = Campaign.start(crowd.rest, "large", toList);

        assertThat(held.info().text("state")).isEqualTo("held");
        assertThat(held.info().text("reason")).isEqualTo("3 endpoints (expected: at most 2 without an approval)");
        order(held, "approve").refused(403, "forbidden");
        order(held, "resume").refused(409, "wrong_state");
        phones.forEach(Phone::restart);
        phones.forEach(phone -> phone.awaitOnline(LIMIT));
        assertThat(Still.at(() -> Crowd.reached(phones, "large"))).as("reached while held").isZero();

        operator.post("/v1/broadcasts/" + held.id() + ":approve", "{\"reason\":\"seen\"}").ok();

        Crowd.awaitOnceEach(phones, "large");
        operator.post("/v1/broadcasts/" + held.id() + ":approve", "{}").refused(409, "wrong_state");
    }

    private String sealed(List<Phone> phones) {
        String list = crowd.rest.post("/v1/lists", "{\"label\":\"all\"}").ok().text("list_id");
        String endpoints = phones.stream().map(phone -> "\"" + phone.endpoint() + "\"")
                .collect(Collectors.joining(","));
        crowd.rest.post("/v1/lists/" + list + ":append",
                "{\"part\":0,\"first_line\":1,\"endpoints\":[" + endpoints + "]}").ok();
        return crowd.rest.post("/v1/lists/" + list + ":seal", "{\"parts\":1}").ok().text("list_id");
    }

    private Answer order(Campaign campaign, String verb) {
        return crowd.rest.post("/v1/broadcasts/" + campaign.id() + ":" + verb, "{}");
    }

    private Answer create(String options) {
        return crowd.rest.post("/v1/broadcasts", "{\"payload\":\"aGk=\",\"dry_run\":true," + options + "}");
    }
}
