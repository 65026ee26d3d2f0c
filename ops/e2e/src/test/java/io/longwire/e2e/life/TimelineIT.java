package io.longwire.e2e.life;

import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Where is it, and why: each reason for waiting, each end, in less than a second. */
class TimelineIT {
    private final Scene scene = new Scene("timeline");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void saysThatTheEndpointIsOffline() {
        Phone phone = scene.offline();
        String id = scene.send(phone, "x");
        Answer answer = waiting(id, phone.endpoint());
        assertThat(answer.text("why")).contains("offline");
        assertThat(answer.texts("milestones", "name")).containsExactly("accepted", "stored");
    }

    @Test
    void saysThatTheAppDoesNotRun() {
        Phone phone = scene.online();
        phone.app(0).pause();
        String id = scene.send(phone, "x");
        await().atMost(Scene.LIMIT).untilAsserted(
                () -> assertThat(waiting(id, phone.endpoint()).text("why")).contains("app not running since"));
        Answer endpoint = scene.rest.get("/v1/endpoints/" + phone.endpoint()).ok();
        assertThat(endpoint.text("app_running")).isEqualTo("no");
        phone.app(0).resume();
        scene.awaitState(id, phone, "acked");
    }

    @Test
    void saysThatItWasWrittenAndWaitsForTheAck() {
        Identity identity = Identity.register(scene.product);
        try (var device = RawDevice.loggedIn(SharedPlatform.get().listener(0, "tcp"), identity.binding(1000))) {
            String id = scene.send(Mail.to(identity.endpoint()).text("x"));
            var push = device.awaitPush();
            await().atMost(Scene.LIMIT).untilAsserted(
                    () -> assertThat(waiting(id, identity.endpoint()).text("why")).contains("waiting for the ack"));
            device.ack(push);
            scene.awaitState(id, identity.endpoint(), "acked", Scene.LIMIT);
        }
    }

    @Test
    void hasAStableCodeForEachEnd() {
        Phone phone = scene.offline();
        String cancelled = scene.send(phone, "a");
        scene.rest.delete("/v1/messages/" + cancelled + "/endpoints/" + phone.endpoint()).ok();
        String brief = scene.send(Mail.to(phone.endpoint()).text("b").with("ttl", "1s"));
        String replaced = scene.send(phone, "c");
        scene.send(Mail.to(phone.endpoint()).text("d").with("replace", replaced));

        scene.awaitState(brief, phone, "expired");
        for (String id : new String[]{cancelled, brief, replaced}) {
            Answer ended = told(id, phone.endpoint());
            assertThat(ended.text("reason_code")).as("%s", ended.body()).matches("[a-z_]+");
            assertThat(ended.text("why")).isNotEmpty();
        }
    }

    @Test
    void knowsNothingOfAMessageThatNeverWas() {
        Phone phone = scene.online();
        Answer answer = scene.rest.timeline("0000000000000", phone.endpoint());
        assertThat(answer.status()).as("%s", answer.body()).isIn(400, 404);
    }

    private Answer waiting(String id, String endpoint) {
        Answer answer = told(id, endpoint);
        assertThat(answer.text("state")).as("%s", answer.body()).isEqualTo("waiting");
        assertThat(answer.text("reason_code")).as("%s", answer.body()).matches("[a-z_]+");
        return answer;
    }

    private Answer told(String id, String endpoint) {
        return Answer.withinASecond(() -> scene.rest.timeline(id, endpoint).ok());
    }
}
