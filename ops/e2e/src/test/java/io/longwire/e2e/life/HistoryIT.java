package io.longwire.e2e.life;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Page;
import io.longwire.center.client.PastMessage;
import io.longwire.e2e.phone.Phone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** What a phone was sent, and what became of it. */
class HistoryIT {
    private final Scene scene = new Scene("history");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void hasTheAckedTheCancelledAndTheWaiting() {
        Phone phone = scene.online();
        String acked = scene.send(phone, "acked");
        scene.awaitState(acked, phone, "acked");
        scene.leave(phone);
        String cancelled = scene.send(phone, "cancelled");
        scene.rest.delete("/v1/messages/" + cancelled + "/endpoints/" + phone.endpoint()).ok();
        String waiting = scene.send(phone, "waiting");

        try (LongwireBackend backend = LongwireBackend.connect(scene.product.api(), scene.product.apiKey())) {
            Page<PastMessage> newest = backend.endpoints().history(phone.endpoint(), "", 2).await();
            Page<PastMessage> oldest = backend.endpoints().history(phone.endpoint(), newest.cursor(), 2).await();

            assertThat(newest.items())
                    .extracting(PastMessage::messageId, PastMessage::state, PastMessage::reasonCode)
                    .containsExactly(tuple(waiting, "waiting", ""), tuple(cancelled, "cancelled", "cancelled"));
            assertThat(newest.items().getFirst().ended()).isNull();
            assertThat(newest.items().getFirst().expires()).isAfter(newest.items().getFirst().accepted());
            assertThat(oldest.items())
                    .extracting(PastMessage::messageId, PastMessage::state, PastMessage::reasonCode)
                    .containsExactly(tuple(acked, "acked", "acked"));
            assertThat(oldest.items().getFirst().ended()).isAfterOrEqualTo(oldest.items().getFirst().accepted());
            assertThat(oldest.last()).isTrue();
        }
    }
}
