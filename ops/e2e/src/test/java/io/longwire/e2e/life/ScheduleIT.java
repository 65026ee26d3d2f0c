package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Sends at a time, once or again and again. */
class ScheduleIT {
    private static final Duration MINUTE = Duration.ofSeconds(75);

    private final Scene scene = new Scene("schedule");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void firesOnceAtTheTimeThatWasNamed() {
        Phone phone = scene.online();
        Answer made = create(phone, "at the time", "\"at\":\"" + in(6) + "\",\"label\":\"once\"").ok();
        assertThat(made.text("state")).isEqualTo("active");
        assertThat(made.text("label")).isEqualTo("once");

        scene.awaitShown(phone, "at the time");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(get(made).text("state")).isEqualTo("done"));
        assertThat(get(made).number("fired")).isEqualTo(1);
        scene.awaitState(get(made).text("last_message_id"), phone, "acked");
        assertThat(phone.shownTexts()).containsExactly("at the time");
    }

    @Test
    void firesEachMinuteUntilItIsPaused() {
        Phone phone = scene.online();
        Answer made = create(phone, "tick", "\"cron\":\"* * * * *\",\"zone\":\"Europe/Paris\"").ok();
        assertThat(made.number("next_fire_ms") % 60_000).isZero();

        await().atMost(MINUTE).untilAsserted(() -> assertThat(phone.shownTexts()).contains("tick"));
        Answer paused = scene.rest.post("/v1/schedules/" + made.text("schedule_id") + ":pause", "{}").ok();
        assertThat(paused.text("state")).isEqualTo("paused");
        assertThat(paused.number("fired")).isEqualTo(1);
        assertThat(phone.shownTexts()).containsExactly("tick");
        Answer resumed = scene.rest.post("/v1/schedules/" + made.text("schedule_id") + ":resume", "{}").ok();
        assertThat(resumed.text("state")).isEqualTo("active");
        assertThat(resumed.number("next_fire_ms")).isGreaterThan(made.number("next_fire_ms"));
    }

    @Test
    void doesNotFireWhatWasPausedOrDeleted() {
        Phone phone = scene.online();
        Answer paused = create(phone, "paused", "\"at\":\"" + in(8) + "\"").ok();
        scene.rest.post("/v1/schedules/" + paused.text("schedule_id") + ":pause", "{}").ok();
        Answer deleted = create(phone, "deleted", "\"at\":\"" + in(8) + "\"").ok();
        assertThat(scene.rest.delete("/v1/schedules/" + deleted.text("schedule_id")).ok().text("state"))
                .isEqualTo("deleted");
        create(phone, "fires", "\"at\":\"" + in(8) + "\"").ok();

        scene.awaitShown(phone, "fires");
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        assertThat(phone.shownTexts()).containsExactly("fires");
        assertThat(scene.rest.get("/v1/schedules").ok().texts("schedules", "schedule_id"))
                .contains(paused.text("schedule_id")).doesNotContain(deleted.text("schedule_id"));
    }

    @Test
    void makesOneScheduleOfTwoRequestsWithOneKey() {
        Phone phone = scene.online();
        String at = "\"at\":\"" + in(600) + "\",\"idempotency_key\":\"s1\"";
        Answer first = create(phone, "one", at).ok();
        assertThat(create(phone, "one", at).ok().text("schedule_id")).isEqualTo(first.text("schedule_id"));
        assertThat(create(phone, "another", at).status()).isEqualTo(409);
    }

    @Test
    void refusesWhatNeverFires() {
        Phone phone = scene.online();
        for (String wrong : new String[]{"\"cron\":\"61 * * * *\"", "\"cron\":\"* * * * *\",\"zone\":\"Nowhere/City\"",
                "\"at\":\"yesterday\"", "\"at\":\"" + in(5) + "\",\"cron\":\"* * * * *\"", "\"label\":\"no time\""}) {
            Answer answer = create(phone, "x", wrong);
            assertThat(answer.status()).as("%s: %s", wrong, answer.body()).isEqualTo(400);
            assertThat(answer.detail()).contains("(expected: ");
        }
    }

    @Test
    void keepsItsSchedulesToItself() {
        Phone phone = scene.online();
        Answer made = create(phone, "mine", "\"at\":\"" + in(600) + "\"").ok();
        try (var other = new Scene("schedule-other")) {
            assertThat(other.rest.get("/v1/schedules/" + made.text("schedule_id")).status()).isEqualTo(404);
            assertThat(other.rest.delete("/v1/schedules/" + made.text("schedule_id")).status()).isEqualTo(404);
            assertThat(other.rest.get("/v1/schedules").ok().list("schedules")).isEmpty();
        }
        assertThat(get(made).text("state")).isEqualTo("active");
    }

    private Answer create(Phone phone, String text, String when) {
        return scene.rest.post("/v1/schedules", "{\"message\":" + Mail.to(phone.endpoint()).text(text).json() + ","
                + when + "}");
    }

    private Answer get(Answer made) {
        return scene.rest.get("/v1/schedules/" + made.text("schedule_id")).ok();
    }

    private static String in(int seconds) {
        assertThat(SharedPlatform.get()).isNotNull();
        return Instant.ofEpochMilli(Clock.system().wallMillis()).plusSeconds(seconds).toString();
    }
}
