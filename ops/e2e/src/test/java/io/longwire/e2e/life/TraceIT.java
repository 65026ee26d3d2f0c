package io.longwire.e2e.life;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.NewCallback;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.e2e.uplink.CallbackServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A backend's trace, from its request to what it is told of the message when a phone has it. */
class TraceIT {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Scene scene = new Scene("traces").settings("{\"receipts\":true}");
    private final CallbackServer server = CallbackServer.start(0);

    @AfterEach
    void end() {
        server.close();
        scene.close();
    }

    @Test
    void isInTheTimelineTheReceiptAndTheSignedCallback() {
        Phone phone = scene.online();
        try (LongwireBackend backend = LongwireBackend.connect(scene.product.api(), scene.product.apiKey())) {
            backend.callbacks().put(NewCallback.of("$receipt", server.url()).secrets(List.of(CallbackServer.SECRET)))
                    .await();

            String traced = scene.rest.send(Mail.to(phone.endpoint()).text("traced"), TRACE).ok().messageId();
            String plain = scene.send(phone, "plain");
            scene.awaitReceipt("delivered", traced);
            scene.awaitReceipt("delivered", plain);
            phone.app(0).reportShown(traced);
            scene.awaitReceipt("shown", traced);

            assertThat(timeline(traced, phone)).isEqualTo(TRACE);
            assertThat(timeline(plain, phone)).isEmpty();
            assertThat(receipts(traced)).containsExactly("delivered " + TRACE, "shown " + TRACE);
            assertThat(receipts(plain)).containsExactly("delivered ");
            await().atMost(LIMIT).until(() -> server.bodies().size() >= 3);
            assertThat(server.forged()).isEmpty();
            assertThat(server.bodies()).filteredOn(body -> body.contains(traced)).hasSize(2)
                    .allMatch(body -> body.endsWith(",\"traceparent\":\"" + TRACE + "\"}"));
            assertThat(server.bodies()).filteredOn(body -> body.contains(plain)).singleElement().asString()
                    .doesNotContain("traceparent");
        }
    }

    @Test
    void ofABadFormIsIgnored() {
        Phone phone = scene.online();

        String id = scene.rest.send(Mail.to(phone.endpoint()).text("x"), "00-nonsense-01").ok().messageId();

        scene.awaitReceipt("delivered", id);
        assertThat(timeline(id, phone)).isEmpty();
    }

    private String timeline(String id, Phone phone) {
        return scene.rest.timeline(id, phone.endpoint()).ok().text("traceparent");
    }

    private List<String> receipts(String id) {
        Answer page = scene.rest.get("/v1/receipts?limit=1000").ok();
        return page.list("receipts").stream().filter(one -> one.path("message_id").asText().equals(id))
                .map(TraceIT::told).toList();
    }

    private static String told(JsonNode receipt) {
        return receipt.path("kind").asText() + " " + receipt.path("traceparent").asText();
    }
}
