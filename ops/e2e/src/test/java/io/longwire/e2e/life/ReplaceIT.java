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

/** A newer one stands for an older one: collapse keys, replace, revoke, cancel. */
class ReplaceIT {
    private final Scene scene = new Scene("replace");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void givesTheNewestOfEachCollapseKeyToWhoComesBack() {
        Phone phone = scene.offline();
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            ids.add(scene.send(Mail.to(phone.endpoint()).text("score " + i).with("collapse_key", "score")));
            scene.send(Mail.to(phone.endpoint()).text("weather " + i).with("collapse_key", "weather"));
        }
        scene.send(phone, "apart");

        assertThat(scene.rest.get("/v1/endpoints/" + phone.endpoint() + "/inbox").ok().number("messages"))
                .isEqualTo(3);
        Answer collapsed = scene.rest.timeline(ids.get(0), phone.endpoint()).ok();
        assertThat(collapsed.text("state")).isEqualTo("collapsed");
        assertThat(collapsed.text("why")).contains(ids.get(1));
        scene.back(phone);
        scene.awaitShown(phone, "apart");
        scene.awaitState(ids.get(2), phone, "acked");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.shownTexts())
                .containsExactlyInAnyOrder("score 2", "weather 2", "apart"));
    }

    @Test
    void tellsTheAppWhichShownMessageANewerOneOfItsKeyReplaces() {
        Phone phone = scene.online();
        String first = scene.send(Mail.to(phone.endpoint()).text("1:0").with("collapse_key", "score"));
        scene.awaitShown(phone, "1:0");
        scene.awaitState(first, phone, "acked");

        scene.send(Mail.to(phone.endpoint()).text("2:0").with("collapse_key", "score"));

        scene.awaitShown(phone, "2:0");
        assertThat(phone.shown().getLast().replaces()).isEqualTo(first);
        assertThat(scene.rest.state(first, phone.endpoint())).as("it was delivered").isEqualTo("acked");
    }

    @Test
    void replacesAMessageThatWaitsAndOneThatWasShown() {
        Phone phone = scene.offline();
        String waiting = scene.send(phone, "wrong");
        Answer right = scene.rest.send(Mail.to(phone.endpoint()).text("right").with("replace", waiting)).ok();
        assertThat(right.text("collapsed")).isEqualTo(waiting);
        assertThat(scene.rest.state(waiting, phone.endpoint())).isEqualTo("collapsed");
        scene.back(phone);
        scene.awaitShown(phone, "right");
        scene.awaitState(right.messageId(), phone, "acked");

        scene.send(Mail.to(phone.endpoint()).text("better").with("replace", right.messageId()));
        scene.awaitShown(phone, "better");
        assertThat(phone.shownTexts()).containsExactly("right", "better");
        assertThat(phone.shown().getLast().replaces()).isEqualTo(right.messageId());
    }

    @Test
    void neverDeliversWhatWasRevokedInTime() {
        scene.settings("{\"receipts\":true}");
        Phone phone = scene.offline();
        String wrong = scene.send(phone, "wrong");
        Answer revoked = revoke(wrong, phone);

        assertThat(revoked.number("pending")).isEqualTo(1);
        assertThat(revoked.number("sent")).isZero();
        assertThat(scene.rest.state(wrong, phone.endpoint())).isEqualTo("revoked");
        scene.send(phone, "next");
        scene.back(phone);
        scene.awaitShown(phone, "next");
        assertThat(phone.shownTexts()).containsExactly("next");
        scene.awaitReceipt("revoked", wrong);
        assertThat(revoke(wrong, phone).number("too_late")).as("again").isZero();
    }

    @Test
    void takesBackFromTheAppWhatWasDelivered() {
        scene.settings("{\"receipts\":true}");
        Phone phone = scene.online();
        String wrong = scene.send(phone, "wrong");
        scene.awaitShown(phone, "wrong");
        scene.awaitState(wrong, phone, "acked");

        assertThat(revoke(wrong, phone).number("sent")).isEqualTo(1);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.revoked()).containsExactly(wrong));
        scene.awaitReceipt("revoked", wrong);
        revoke(wrong, phone); // asked twice, done once
        scene.send(phone, "next");
        scene.awaitShown(phone, "next");
        assertThat(phone.revoked()).containsExactly(wrong);
        assertThat(phone.shownTexts()).containsExactly("wrong", "next");
    }

    @Test
    void takesBackFromAPhoneThatIsAwayWhenItComesBack() {
        Phone phone = scene.online();
        String wrong = scene.send(phone, "wrong");
        scene.awaitShown(phone, "wrong");
        scene.awaitState(wrong, phone, "acked");
        scene.leave(phone);
        assertThat(revoke(wrong, phone).number("sent")).isEqualTo(1);

        scene.back(phone);

        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.revoked()).containsExactly(wrong));
    }

    @Test
    void saysThatARevokeCameTooLateForWhatWasOpened() {
        scene.settings("{\"receipts\":true}");
        Phone phone = scene.online();
        String wrong = scene.send(phone, "wrong");
        scene.awaitShown(phone, "wrong");
        phone.app(0).reportClicked(wrong);
        scene.awaitReceipt("clicked", wrong);

        assertThat(revoke(wrong, phone).number("sent")).isEqualTo(1);
        scene.awaitReceipt("revoke_late", wrong);
        assertThat(phone.revoked()).isEmpty();
    }

    @Test
    void revokesAListWhereverEachOfItIs() {
        Phone got = scene.online();
        Phone waits = scene.offline();
        Answer sent = scene.rest.send(Mail.toAll(List.of(got.endpoint(), waits.endpoint())).text("wrong")).ok();
        scene.awaitShown(got, "wrong");
        scene.awaitState(sent.messageId(), got, "acked");

        Answer revoked = scene.rest.post("/v1/messages/" + sent.messageId() + ":revoke", "{}").ok();

        assertThat(revoked.number("pending")).isEqualTo(1);
        assertThat(revoked.number("sent")).isEqualTo(1);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(got.revoked()).containsExactly(sent.messageId()));
        scene.send(waits, "next");
        scene.back(waits);
        scene.awaitShown(waits, "next");
        assertThat(waits.shownTexts()).containsExactly("next");
        await().atMost(LIMIT).untilAsserted(() -> {
            var ended = scene.funnel(sent.messageId()).body().path("ended");
            assertThat(ended.path("revoked").asInt()).isEqualTo(1);
            assertThat(ended.path("acked").asInt()).isEqualTo(1);
        });
    }

    @Test
    void cancelsWhatWaitsAndNotWhatWasDelivered() {
        Phone phone = scene.offline();
        String wrong = scene.send(phone, "wrong");
        Answer cancelled = scene.rest.delete("/v1/messages/" + wrong + "/endpoints/" + phone.endpoint()).ok();
        assertThat(cancelled.text("state")).isEqualTo("cancelled");
        String right = scene.send(phone, "right");
        scene.back(phone);
        scene.awaitShown(phone, "right");
        scene.awaitState(right, phone, "acked");

        Answer late = scene.rest.delete("/v1/messages/" + right + "/endpoints/" + phone.endpoint());

        assertThat(late.text("state").isEmpty() ? late.status() : late.text("state")).isIn("acked", 409);
        assertThat(phone.shownTexts()).containsExactly("right");
    }

    private Answer revoke(String messageId, Phone phone) {
        return scene.rest.post("/v1/messages/" + messageId + ":revoke", "{\"endpoint\":\"" + phone.endpoint() + "\"}")
                .ok();
    }
}
