package io.longwire.e2e.life;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.UplinkEvent;
import io.longwire.coordinator.client.consume.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What became of a message in the app, told to the product: receipts in order, the funnel in counts. */
class ReceiptsIT {
    private final Scene scene = new Scene("receipts").settings("{\"receipts\":true}");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void tellsWhatWasDeliveredShownAndClicked() {
        Phone phone = scene.online();
        String id = scene.send(phone, "look");
        scene.awaitReceipt("delivered", id);

        phone.app(0).reportShown(id);
        scene.awaitReceipt("shown", id);
        phone.app(0).reportClicked(id);
        scene.awaitReceipt("clicked", id);

        assertThat(scene.receipts()).containsExactly("delivered " + id, "shown " + id, "clicked " + id);
        Answer timeline = scene.rest.timeline(id, phone.endpoint()).ok();
        assertThat(timeline.texts("milestones", "name")).contains("acked", "shown", "clicked");
    }

    @Test
    void comeThroughTheStreamsTooForWhoMakesAChannelOfThem() {
        Phone phone = scene.online();
        String before = scene.send(phone, "before there was a channel");
        scene.awaitReceipt("delivered", before);
        var heard = new CopyOnWriteArrayList<UplinkEvent>();
        try (var consumer = EventConsumer.start(ConsumerOptions.of(List.of(SharedPlatform.get().platform().events()),
                scene.product.apiKey(), "$receipt", "books"), event -> {
                    heard.add(event);
                    return Verdict.FIN;
                })) {
            String id = scene.send(phone, "look");
            scene.awaitReceipt("delivered", id);
            phone.app(0).reportShown(id);
            phone.app(0).reportClicked(id);

            await().atMost(LIMIT).until(() -> heard.size() >= 4);
            assertThat(heard).extracting(event -> event.body().toStringUtf8()
                    .replaceAll("\"at_ms\":\\d+(,\"code\":\\d+)?", "\"at_ms\":1"))
                    .containsExactly(body("delivered", before), body("delivered", id), body("shown", id),
                            body("clicked", id));
            assertThat(heard).extracting(UplinkEvent::endpoint).containsOnly(phone.endpoint());
            assertThat(heard).extracting(UplinkEvent::eventId).doesNotHaveDuplicates();
            assertThat(heard).extracting(UplinkEvent::seq).isSorted();
            assertThat(consumer.ended()).isNotDone();
        }
        assertThat(scene.receipts()).as("and can be pulled as before").hasSize(4);
    }

    private static String body(String kind, String id) {
        return "{\"kind\":\"" + kind + "\",\"message_id\":\"" + id + "\",\"at_ms\":1}";
    }

    @Test
    void pagesThroughAllOfThemWithoutLossWhileMoreCome() {
        Phone phone = scene.online();
        var ids = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            ids.add(scene.send(phone, "m" + i));
        }
        var seen = new ArrayList<String>();
        var cursor = new StringBuilder();
        await().atMost(LIMIT).until(() -> {
            Answer page = scene.rest.get("/v1/receipts?limit=7" + (cursor.isEmpty() ? "" : "&cursor=" + cursor)).ok();
            for (JsonNode one : page.list("receipts")) {
                assertThat(one.path("endpoint").asText()).isEqualTo(phone.endpoint());
                assertThat(one.path("kind").asText()).isEqualTo("delivered");
                seen.add(one.path("message_id").asText());
            }
            cursor.setLength(0);
            cursor.append(page.text("cursor"));
            return seen.size() >= ids.size();
        });
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(scene.rest.get("/v1/receipts?limit=7&cursor=" + cursor).ok().list("receipts")).isEmpty();
    }

    @Test
    void countsTheFunnelOfAMessageToSeveral() {
        Phone looks = scene.online();
        Phone clicks = scene.online();
        Phone away = scene.offline();
        Answer sent = scene.rest.send(Mail.toAll(List.of(looks.endpoint(), clicks.endpoint(), away.endpoint()))
                .text("all")).ok();
        String id = sent.messageId();
        scene.awaitShown(looks, "all");
        scene.awaitShown(clicks, "all");
        looks.app(0).reportShown(id);
        clicks.app(0).reportShown(id);
        clicks.app(0).reportClicked(id);

        await().atMost(LIMIT).untilAsserted(() -> {
            Answer funnel = scene.funnel(id);
            assertThat(funnel.number("targets")).isEqualTo(3);
            assertThat(funnel.number("waiting")).isEqualTo(1);
            assertThat(funnel.number("unknown")).isZero();
            assertThat(funnel.body().path("ended").path("acked").asInt()).isEqualTo(2);
            assertThat(funnel.body().path("receipts").path("shown").asInt()).isEqualTo(2);
            assertThat(funnel.body().path("receipts").path("clicked").asInt()).isEqualTo(1);
            assertThat(funnel.number("first_ack_ms")).isPositive();
            assertThat(funnel.number("last_ack_ms")).isGreaterThanOrEqualTo(funnel.number("first_ack_ms"));
        });
        scene.rest.delete("/v1/messages/" + id + "/endpoints/" + away.endpoint()).ok();
        Answer funnel = scene.funnel(id);
        assertThat(funnel.number("waiting")).isZero();
        assertThat(funnel.body().path("ended").path("cancelled").asInt()).isEqualTo(1);
    }

    @Test
    void answersTheFunnelOfAMessageToOneWhenTheEndpointIsNamed() {
        Phone phone = scene.online();
        String id = scene.send(phone, "one");
        scene.awaitState(id, phone, "acked");
        Answer funnel = scene.rest.get("/v1/messages/" + id + "?endpoint=" + phone.endpoint()).ok();
        assertThat(funnel.number("targets")).isEqualTo(1);
        assertThat(funnel.list("endpoints").getFirst().path("state").asText()).isEqualTo("acked");
    }

    @Test
    void keepsNoneForAnAppThatDidNotAskForThem() {
        scene.settings("{\"receipts\":false}");
        Phone phone = scene.online();
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer answer = scene.rest.get("/v1/receipts");
            assertThat(answer.status() != 200 || answer.list("receipts").isEmpty()).as("%s", answer.body()).isTrue();
        });
        String id = scene.send(phone, "quiet");
        scene.awaitState(id, phone, "acked");
    }
}
