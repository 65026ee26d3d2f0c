package io.longwire.e2e.life;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.e2e.rest.Rest;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One app of the shared platform: its backend, its operator, its phones. For one test. */
final class Scene implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(20);

    final Product product = SharedPlatform.get().app();
    final Rest rest = product.backend();
    final Rest operator = product.operator();
    final Phones phones;

    Scene(String name) {
        this.phones = new Phones(name, new History());
    }

    /** Changes settings of the app; the fields of AppSettings as JSON. Caches of apps are seconds old at most. */
    Scene settings(String json) {
        operator.post("/v1/apps/" + product.appId() + ":update", "{\"settings\":" + json + "}").ok();
        return this;
    }

    /** A new phone that is there. */
    Phone online() {
        Phone phone = phones.add(product);
        phone.start();
        return phone.awaitOnline(LIMIT);
    }

    /** A new phone that was there once, and which its room expects back no more. */
    Phone offline() {
        return leave(online());
    }

    /** The phone's process ends, and its session with it. */
    Phone leave(Phone phone) {
        String endpoint = phone.endpoint();
        phone.stop();
        rest.post("/v1/endpoints/" + endpoint + ":kick", "{}").ok();
        await().atMost(LIMIT).until(() -> rest.get("/v1/endpoints/" + endpoint).ok().text("state").equals("offline"));
        return phone;
    }

    Phone back(Phone phone) {
        phone.start();
        return phone.awaitOnline(LIMIT);
    }

    /** Sends, and returns the message's id; it must be accepted. */
    String send(Mail mail) {
        Answer answer = rest.send(mail).ok();
        assertThat(answer.text("status")).as("status of %s", answer.body()).isEqualTo("accepted");
        assertThat(answer.messageId()).hasSize(13);
        return answer.messageId();
    }

    /** The same of a short text. */
    String send(Phone phone, String text) {
        return send(Mail.to(phone.endpoint()).text(text));
    }

    void awaitState(String messageId, Phone phone, String state) {
        awaitState(messageId, phone.endpoint(), state, LIMIT);
    }

    void awaitState(String messageId, String endpoint, String state, Duration limit) {
        await().atMost(limit).untilAsserted(() -> assertThat(rest.state(messageId, endpoint)).isEqualTo(state));
    }

    void awaitShown(Phone phone, String text) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(
                () -> assertThat(phone.shownTexts()).contains(text));
    }

    /** The funnel of a message to several. */
    Answer funnel(String messageId) {
        return rest.get("/v1/messages/" + messageId).ok();
    }

    /** Receipts of the app so far, from the oldest, as "kind message_id". */
    List<String> receipts() {
        var all = new java.util.ArrayList<String>();
        String cursor = "";
        boolean more = true;
        while (more) {
            Answer page = rest.get("/v1/receipts?limit=1000" + (cursor.isEmpty() ? "" : "&cursor=" + cursor)).ok();
            for (JsonNode one : page.list("receipts")) {
                all.add(one.path("kind").asText() + " " + one.path("message_id").asText());
            }
            cursor = page.text("cursor");
            more = page.body().path("more").asBoolean();
        }
        return all;
    }

    void awaitReceipt(String kind, String messageId) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(receipts()).contains(kind + " " + messageId));
    }

    @Override
    public void close() {
        phones.close();
        rest.close();
        operator.close();
    }
}
