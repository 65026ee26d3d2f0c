package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.e2e.rest.Rest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Products side by side: each sees its own, within its keys and quotas, and every change is on record. */
class TenancyIT {
    private final Scene scene = new Scene("tenant");
    private final Scene other = new Scene("tenant-other");

    @AfterEach
    void end() {
        scene.close();
        other.close();
    }

    @Test
    void seesNothingOfAnotherProduct() {
        scene.settings("{\"receipts\":true}");
        other.settings("{\"receipts\":true}");
        Phone phone = scene.online();
        scene.rest.post("/v1/endpoints/" + phone.endpoint() + "/profile", "{\"bind_aliases\":[\"u\"]}").ok();
        String id = scene.send(phone, "private");
        scene.awaitReceipt("delivered", id);

        String endpoint = phone.endpoint();
        for (Answer answer : List.of(other.rest.get("/v1/endpoints/" + endpoint),
                other.rest.get("/v1/endpoints/" + endpoint + "/inbox"),
                other.rest.get("/v1/endpoints/" + endpoint + "/history"),
                other.rest.get("/v1/endpoints/" + endpoint + "/profile"),
                other.rest.post("/v1/endpoints/" + endpoint + "/profile", "{\"add_tags\":[\"x\"]}"),
                other.rest.post("/v1/endpoints/" + endpoint + ":kick", "{}"),
                other.rest.delete("/v1/endpoints/" + endpoint), other.rest.timeline(id, endpoint),
                other.rest.get("/v1/messages/" + id + "?endpoint=" + endpoint),
                other.rest.post("/v1/messages/" + id + ":revoke", "{\"endpoint\":\"" + endpoint + "\"}"),
                other.rest.delete("/v1/messages/" + id + "/endpoints/" + endpoint),
                other.rest.send(Mail.to(endpoint).text("intruder")))) {
            assertThat(answer.status()).as("%s", answer.body()).isIn(400, 403, 404);
        }
        assertThat(other.rest.get("/v1/messages/" + id).status()).isIn(400, 404);
        assertThat(other.rest.send(Mail.toAlias("u").text("intruder")).ok().text("status")).isEqualTo("refused");
        assertThat(other.receipts()).isEmpty();
        Answer states = other.rest.post("/v1/endpoints:status", "{\"endpoints\":[\"" + endpoint + "\"]}").ok();
        assertThat(states.texts("endpoints", "state")).containsExactly("invalid");
        assertThat(scene.rest.post("/v1/endpoints:status", "{\"endpoints\":[\"" + endpoint + "\"]}").ok()
                .texts("endpoints", "state")).containsExactly("online");
        assertThat(phone.shownTexts()).containsExactly("private");
    }

    @Test
    void lendsNoAdminRightsToAnAppsKey() {
        int app = scene.product.appId();
        for (Answer answer : List.of(scene.rest.post("/v1/apps", "{\"name\":\"mine\"}"), scene.rest.get("/v1/apps"),
                scene.rest.get("/v1/apps/" + app + "/keys"), scene.rest.get("/v1/audit"),
                scene.rest.post("/v1/apps/" + app + ":update", "{\"settings\":{\"fan_out\":9}}"))) {
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(403);
        }
    }

    @Test
    void holdsTwoLiveKeysAnAppAndEndsThem() {
        int app = scene.product.appId();
        Answer second = scene.operator.post("/v1/apps/" + app + "/keys", "{\"label\":\"second\"}").ok();
        Answer third = scene.operator.post("/v1/apps/" + app + "/keys", "{\"label\":\"third\"}");
        assertThat(third.status() / 100).as("%s", third.body()).isEqualTo(4);
        try (var rest = new Rest(scene.product.api(), second.text("key"))) {
            assertThat(rest.get("/v1/usage").status()).isEqualTo(200);
            scene.operator.delete("/v1/apps/" + app + "/keys/" + second.text("key_id")).ok();
            await().atMost(LIMIT).untilAsserted(
                    () -> assertThat(rest.get("/v1/usage").status()).isEqualTo(401));
        }
        Answer keys = scene.operator.get("/v1/apps/" + app + "/keys").ok();
        assertThat(keys.texts("keys", "key")).as("secrets").containsOnly("");
        Answer audit = scene.operator.get("/v1/audit?app_id=" + app).ok();
        assertThat(audit.texts("entries", "action")).contains("key.create", "key.revoke");
        assertThat(audit.texts("entries", "actor")).containsOnly("admin");
    }

    @Test
    void takesAKeyOnlyInItsTimeFromItsNetworksForItsScopes() {
        int app = scene.product.appId();
        Phone phone = scene.online();
        Answer far = scene.operator.post("/v1/apps/" + app + "/keys", "{\"networks\":[\"192.0.2.0/24\"]}").ok();
        try (var rest = new Rest(scene.product.api(), far.text("key"))) {
            assertThat(rest.get("/v1/usage").status()).isIn(401, 403);
        }
        scene.operator.delete("/v1/apps/" + app + "/keys/" + far.text("key_id")).ok();
        Answer brief = scene.operator.post("/v1/apps/" + app + "/keys",
                "{\"expires_in\":\"8s\",\"networks\":[\"127.0.0.0/8\"],\"scopes\":[\"send\"]}").ok();
        try (var rest = new Rest(scene.product.api(), brief.text("key"))) {
            assertThat(rest.send(Mail.to(phone.endpoint()).text("brief key")).status()).isEqualTo(200);
            assertThat(rest.post("/v1/endpoints/" + phone.endpoint() + ":kick", "{}").status()).as("not its scope")
                    .isEqualTo(403);
            await().atMost(LIMIT).untilAsserted(
                    () -> assertThat(rest.send(Mail.to(phone.endpoint()).text("late")).status()).isEqualTo(401));
        }
    }

    @Test
    void tellsTheLimitAndRefusesAboveItWithoutHarmToOthers() {
        scene.settings("{\"sends_per_second\":1}"); // a busy machine sends two in a second, not six
        Phone phone = scene.online();
        Phone neighbour = other.online();
        var statuses = new ArrayList<Integer>();
        await().atMost(LIMIT).until(() -> {
            Answer answer = scene.rest.send(Mail.to(phone.endpoint()).text("m"));
            statuses.add(answer.status());
            assertThat(answer.headers().firstValue("RateLimit-Limit")).isPresent();
            assertThat(answer.headers().firstValue("RateLimit-Remaining")).isPresent();
            if (answer.status() == 429) {
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.detail()).isNotEmpty();
            }
            return answer.status() == 429;
        });
        other.send(neighbour, "unhurt");
        other.awaitShown(neighbour, "unhurt");
        LockSupport.parkNanos(1_100_000_000L);
        assertThat(scene.rest.send(Mail.to(phone.endpoint()).text("next second")).status()).isEqualTo(200);
        var batch = new Mail[12];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = Mail.to(phone.endpoint()).text("b" + i);
        }
        assertThat(scene.rest.sendBatch(batch).body().toString()).as("each target counts one").contains("429");
        assertThat(statuses).contains(200);
    }

    @Test
    void accountsForEveryMessageOfTheApp() {
        Phone phone = scene.online();
        String id = scene.send(phone, "counted");
        scene.awaitState(id, phone, "acked");
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer books = scene.rest.get("/v1/conservation").ok();
            assertThat(books.number("rows")).isEqualTo(1);
            assertThat(books.number("gap")).isZero();
            assertThat(books.number("hidden")).isZero();
            assertThat(books.body().path("ended").path("acked").asInt()).isEqualTo(1);
        });
        assertThat(other.rest.get("/v1/conservation").ok().number("rows")).isZero();
    }
}
