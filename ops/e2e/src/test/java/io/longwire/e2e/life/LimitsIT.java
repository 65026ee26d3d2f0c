package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** When an inbox is full: what goes, what is refused, and that each says so. */
class LimitsIT {
    private final Scene scene = new Scene("limits");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void dropsTheOldestAndSaysWhichOnes() {
        Phone phone = full("drop_oldest");
        var ids = sendEach(phone, 5);

        for (int i = 0; i < 2; i++) {
            scene.awaitState(ids.get(i), phone, "overflowed");
        }
        scene.back(phone);
        for (int i = 2; i < 5; i++) {
            scene.awaitState(ids.get(i), phone, "acked");
        }
        assertThat(phone.shownTexts()).containsExactlyInAnyOrder("m2", "m3", "m4");
        scene.awaitReceipt("failed", ids.get(0));
    }

    @Test
    void refusesNewOnesWhenTheAppWantsThat() {
        Phone phone = full("reject_new");
        var ids = sendEach(phone, 3);

        Answer refused = scene.rest.send(Mail.to(phone.endpoint()).text("m3"));

        assertThat(refused.status() / 100).as("%s", refused.body()).isEqualTo(4);
        assertThat(refused.detail()).isNotEmpty();
        scene.back(phone);
        for (String id : ids) {
            scene.awaitState(id, phone, "acked");
        }
        assertThat(phone.shownTexts()).containsExactlyInAnyOrder("m0", "m1", "m2");
        scene.send(phone, "m4");
        scene.awaitShown(phone, "m4");
    }

    @Test
    void letsThoseWithACollapseKeyGoFirstWhenTheAppWantsThat() {
        Phone phone = full("collapse");
        String first = scene.send(phone, "m0");
        String keyed = scene.send(Mail.to(phone.endpoint()).text("keyed").with("collapse_key", "k"));
        String second = scene.send(phone, "m1");
        String third = scene.send(phone, "m2");

        scene.awaitState(keyed, phone, "overflowed");
        scene.back(phone);
        for (String id : List.of(first, second, third)) {
            scene.awaitState(id, phone, "acked");
        }
        assertThat(phone.shownTexts()).containsExactlyInAnyOrder("m0", "m1", "m2");
    }

    @Test
    void countsWhatTheAppUsesAndRefusesAboveItsQuota() {
        scene.settings("{\"stored_messages\":5,\"receipts\":true}");
        Phone phone = scene.offline();
        var accepted = new ArrayList<String>();
        // The quota is soft: it is told among the savers each second.
        await().atMost(LIMIT).until(() -> {
            Answer answer = scene.rest.send(Mail.to(phone.endpoint()).text("m"));
            if (answer.status() == 200) {
                accepted.add(answer.messageId());
                return false;
            }
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(429);
            assertThat(answer.detail()).contains("stored_messages");
            return true;
        });
        assertThat(accepted).hasSizeGreaterThanOrEqualTo(5);
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer usage = scene.rest.get("/v1/usage").ok();
            assertThat(usage.number("stored_messages_limit")).isEqualTo(5);
            assertThat(usage.number("stored_messages")).isEqualTo(accepted.size());
        });

        scene.back(phone);
        accepted.forEach(id -> scene.awaitState(id, phone, "acked"));
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(scene.rest.send(Mail.to(phone.endpoint()).text("room again")).status())
                        .isEqualTo(200));
    }

    /** A phone that is away, of an app whose inboxes hold three messages. */
    private Phone full(String policy) {
        scene.settings("{\"inbox_messages\":3,\"overflow\":\"" + policy + "\",\"receipts\":true}");
        return scene.offline();
    }

    private List<String> sendEach(Phone phone, int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            ids.add(scene.send(phone, "m" + i));
        }
        return ids;
    }
}
