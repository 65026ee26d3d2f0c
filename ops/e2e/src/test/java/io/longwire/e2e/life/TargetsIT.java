package io.longwire.e2e.life;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** To whom: an endpoint, a user under several endpoints, a list, a batch of different messages. */
class TargetsIT {
    private static final int MANY = 150;

    private final Scene scene = new Scene("targets");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void reachesEveryEndpointOfAUserWhoeverNamedIt() {
        Phone bySdk = scene.online();
        Phone byApi = scene.online();
        bySdk.app(0).bindAlias("user 1/ä");
        scene.rest.post("/v1/endpoints/" + byApi.endpoint() + "/profile", "{\"bind_aliases\":[\"user 1/ä\"]}").ok();
        awaitAlias("user%201%2F%C3%A4", bySdk, byApi);

        Answer sent = scene.rest.send(Mail.toAlias("user 1/ä").text("to both")).ok();

        assertThat(sent.number("accepted")).isEqualTo(2);
        assertThat(sent.texts("results", "endpoint")).containsExactlyInAnyOrder(bySdk.endpoint(), byApi.endpoint());
        scene.awaitShown(bySdk, "to both");
        scene.awaitShown(byApi, "to both");

        bySdk.app(0).unbindAlias("user 1/ä");
        awaitAlias("user%201%2F%C3%A4", byApi);
        scene.rest.send(Mail.toAlias("user 1/ä").text("to one")).ok();
        scene.awaitShown(byApi, "to one");
        assertThat(bySdk.shownTexts()).doesNotContain("to one");

        Answer unbound = scene.rest.post("/v1/endpoints/" + byApi.endpoint() + "/profile",
                "{\"unbind_aliases\":[\"user 1/ä\",\"never bound\"]}").ok();
        assertThat(unbound.texts("aliases")).isEmpty();
        awaitAlias("user%201%2F%C3%A4");
        assertThat(scene.rest.send(Mail.toAlias("user 1/ä").text("to none")).ok().text("status")).isEqualTo("refused");
    }

    @Test
    void saysThatNobodyHasAnAlias() {
        Answer answer = scene.rest.send(Mail.toAlias("nobody").text("x"));

        assertThat(answer.ok().text("status")).isEqualTo("refused");
        assertThat(answer.number("accepted")).isZero();
        assertThat(answer.texts("results", "status")).containsExactly("unknown_endpoint");
        assertThat(answer.list("results").getFirst().path("problem").path("detail").asText()).contains("alias: nobody");
    }

    @Test
    void tellsOfEachTargetOfAListWhatBecameOfIt() {
        Phone here = scene.online();
        Phone away = scene.offline();
        String foreign;
        try (var other = new Scene("targets-other")) {
            foreign = other.online().endpoint();
        }

        Answer sent = scene.rest.send(Mail.toAll(List.of(here.endpoint(), away.endpoint(), foreign, "ep_nonsense",
                here.endpoint())).text("to a list")).ok();

        assertThat(sent.text("status")).isEqualTo("partial");
        assertThat(sent.number("accepted")).isEqualTo(2);
        var byTarget = sent.list("results").stream().collect(Collectors.toMap(
                result -> result.path("target").asText(), result -> result.path("status").asText(), (a, b) -> a));
        assertThat(byTarget).containsEntry(here.endpoint(), "accepted").containsEntry(away.endpoint(), "accepted")
                .containsEntry(foreign, "unknown_endpoint").containsEntry("ep_nonsense", "unknown_endpoint");
        scene.awaitShown(here, "to a list");
        scene.awaitState(sent.messageId(), here, "acked");
        assertThat(here.shownTexts()).as("named twice").containsExactly("to a list");
        assertThat(scene.rest.state(sent.messageId(), away.endpoint())).isEqualTo("waiting");
        Answer funnel = scene.funnel(sent.messageId());
        assertThat(funnel.number("targets")).isEqualTo(2);
        assertThat(funnel.number("waiting")).isEqualTo(1);
        assertThat(funnel.body().path("ended").path("acked").asInt()).isEqualTo(1);
        scene.back(away);
        scene.awaitShown(away, "to a list");
    }

    @Test
    void refusesTheTargetsWhoseInboxIsFullOrThatAreBannedAndServesTheOthers() {
        scene.settings("{\"inbox_messages\":1,\"overflow\":\"reject_new\"}");
        Phone here = scene.online();
        Phone full = scene.offline();
        String first = scene.send(full, "the one it may have");
        Phone banned = scene.offline();
        Answer ban = scene.rest.post("/v1/bans", "{\"endpoint\":\"" + banned.endpoint() + "\"}").ok();
        await().atMost(LIMIT).until(
                () -> scene.rest.send(Mail.to(banned.endpoint()).text("x")).text("code").equals("blocked"));
        var all = List.of(here.endpoint(), full.endpoint(), banned.endpoint());

        Answer sent = scene.rest.send(Mail.toAll(all).text("to all")).ok();

        assertThat(sent.text("status")).isEqualTo("partial");
        assertThat(sent.number("accepted")).isEqualTo(1);
        assertThat(sent.texts("results", "target")).isEqualTo(all);
        assertThat(sent.texts("results", "status")).containsExactly("accepted", "blocked", "blocked");
        assertThat(sent.list("results")).extracting(result -> result.path("problem").path("code").asText())
                .containsExactly("", "rejected", "blocked");
        scene.awaitShown(here, "to all");
        scene.rest.delete("/v1/bans/" + ban.text("ban_id")).ok();
        scene.back(full);
        scene.awaitState(first, full, "acked");
        assertThat(full.shownTexts()).containsExactly("the one it may have");
    }

    @Test
    void servesAsManyTargetsAsTheQuotaAllowsAndSaysWhichAreOver() {
        Phone here = scene.online();
        var targets = new ArrayList<>(List.of(here.endpoint()));
        while (targets.size() < 4) {
            targets.add(Identity.register(scene.product).endpoint());
        }
        scene.settings("{\"sends_per_second\":2}");

        Answer sent = await().atMost(LIMIT).until(() -> scene.rest.send(Mail.toAll(targets).text("some")),
                answer -> answer.texts("results", "status").contains("over_quota"));

        int accepted = (int) sent.ok().number("accepted");
        assertThat(accepted).isBetween(1, 2);
        assertThat(sent.text("status")).isEqualTo("partial");
        assertThat(sent.texts("results", "target")).isEqualTo(targets);
        assertThat(sent.list("results").subList(0, accepted)).allSatisfy(
                result -> assertThat(result.path("status").asText()).isEqualTo("accepted"));
        assertThat(sent.list("results").subList(accepted, 4)).allSatisfy(result -> {
            assertThat(result.path("status").asText()).isEqualTo("over_quota");
            assertThat(result.path("problem").path("code").asText()).isEqualTo("quota_exceeded");
        });
        scene.awaitState(sent.messageId(), here, "acked");
        scene.rest.timeline(sent.messageId(), targets.getLast()).refused(404, "unknown_message");
    }

    @Test
    void storesTheBodyOfAListOfManyOnceAndGivesItWhole() {
        byte[] body = new byte[4000];
        Arrays.fill(body, (byte) 'b');
        Phone here = scene.online();
        Phone away = scene.offline();
        var targets = new ArrayList<>(List.of(here.endpoint(), away.endpoint()));
        while (targets.size() < MANY) {
            targets.add(Identity.register(scene.product).endpoint());
        }

        Answer sent = scene.rest.send(Mail.toAll(targets).bytes(body)).ok();

        assertThat(sent.number("accepted")).isEqualTo(MANY);
        scene.awaitShown(here, new String(body, StandardCharsets.US_ASCII));
        JsonNode waiting = scene.rest.get("/v1/endpoints/" + away.endpoint() + "/inbox").ok().list("items").getFirst();
        assertThat(waiting.path("size").asInt()).as("bytes stored for each").isLessThan(200);
        scene.back(away);
        await().atMost(LIMIT).until(() -> !away.shown().isEmpty());
        assertThat(away.shown().getFirst().payload()).isEqualTo(body);
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(scene.funnel(sent.messageId()).body().path("ended").path("acked").asInt())
                        .isEqualTo(2));
        assertThat(scene.funnel(sent.messageId()).number("waiting")).isEqualTo(MANY - 2L);
    }

    @Test
    void refusesMoreTargetsThanTheAppMayName() {
        scene.settings("{\"fan_out\":3}");
        var targets = new ArrayList<String>();
        while (targets.size() < 4) {
            targets.add(Identity.register(scene.product).endpoint());
        }

        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = scene.rest.send(Mail.toAll(targets).text("x"));
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(400);
            assertThat(answer.detail()).contains("4").contains("3");
        });
        assertThat(scene.rest.send(Mail.toAll(targets.subList(0, 3)).text("x")).ok().number("accepted")).isEqualTo(3);
    }

    @Test
    void takesABatchOfDifferentMessagesEachForItself() {
        Phone first = scene.online();
        Phone second = scene.online();

        Answer batch = scene.rest.sendBatch(Mail.to(first.endpoint()).text("a"), Mail.to(second.endpoint()).text("b"),
                Mail.to(first.endpoint()).text("c").with("ttl", "99d"), Mail.to("ep_nonsense").text("d")).ok();

        var results = batch.list("results");
        assertThat(results).hasSize(4);
        assertThat(results.get(0).path("reply").path("status").asText()).isEqualTo("accepted");
        assertThat(results.get(1).path("reply").path("status").asText()).isEqualTo("accepted");
        assertThat(results.get(2).path("problem").path("detail").asText()).contains("ttl");
        assertThat(results.get(3).path("problem").path("status").asInt()).isIn(400, 404);
        scene.awaitShown(first, "a");
        scene.awaitShown(second, "b");
        assertThat(first.shownTexts()).containsExactly("a");
    }

    @Test
    void keepsTagsAndAttributesThatAppAndBackendSet() {
        Phone phone = scene.online();
        String path = "/v1/endpoints/" + phone.endpoint() + "/profile";
        phone.app(0).addTags("sport", "news");
        phone.app(0).setAttributes(Map.of("lang", "fr"));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(scene.rest.get(path).ok().texts("tags")).containsExactlyInAnyOrder("news", "sport");
            assertThat(scene.rest.get(path).ok().body().path("attributes").path("lang").asText()).isEqualTo("fr");
        });

        Answer changed = scene.rest.post(path, "{\"add_tags\":[\"vip\"],\"remove_tags\":[\"news\"],"
                + "\"set_attributes\":{\"lang\":\"de\",\"size\":\"xl\"},\"remove_attributes\":[\"none\"]}").ok();

        assertThat(changed.texts("tags")).containsExactlyInAnyOrder("sport", "vip");
        assertThat(changed.body().path("attributes").path("lang").asText()).isEqualTo("de");
        phone.app(0).removeTags("vip");
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(scene.rest.get(path).ok().texts("tags")).containsExactly("sport"));
        var tooMany = new ArrayList<String>();
        for (int i = 0; i < 101; i++) {
            tooMany.add("\"tag-" + i + "\"");
        }
        Answer refused = scene.rest.post(path, "{\"add_tags\":[" + String.join(",", tooMany) + "]}");
        assertThat(refused.status()).as("%s", refused.body()).isEqualTo(400);
        assertThat(refused.detail()).contains("100");
        assertThat(scene.rest.get(path).ok().texts("tags")).containsExactly("sport");
    }

    /** Aliases are remembered for seconds. */
    private void awaitAlias(String encoded, Phone... phones) {
        var expected = Arrays.stream(phones).map(Phone::endpoint).toList();
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(scene.rest.get("/v1/aliases/" + encoded).ok().texts("endpoints"))
                        .containsExactlyInAnyOrderElementsOf(expected));
    }
}
