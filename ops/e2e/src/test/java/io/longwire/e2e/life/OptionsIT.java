package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How: ttl, priority, class, idempotency key, dry run, not before. */
class OptionsIT {
    private final Scene scene = new Scene("options");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void neverDeliversWhatHasExpiredAndSaysSo() {
        scene.settings("{\"receipts\":true}");
        Phone phone = scene.offline();
        String brief = scene.send(Mail.to(phone.endpoint()).text("brief").with("ttl", "2s"));
        String lasting = scene.send(Mail.to(phone.endpoint()).text("lasting").with("ttl", "1h"));

        scene.awaitState(brief, phone, "expired");
        Answer timeline = scene.rest.timeline(brief, phone.endpoint()).ok();
        assertThat(timeline.texts("milestones", "name")).contains("accepted", "stored", "expired");
        assertThat(timeline.text("reason_code")).isNotEmpty();
        scene.back(phone);
        scene.awaitShown(phone, "lasting");
        scene.awaitState(lasting, phone, "acked");
        assertThat(phone.shownTexts()).containsExactly("lasting");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(
                () -> assertThat(scene.receipts()).contains("expired " + brief));
    }

    @Test
    void deliversWhatIsForOnlineOnesOnlyOrDropsIt() {
        Phone phone = scene.online();
        Answer here = scene.rest.send(Mail.to(phone.endpoint()).text("now").with("ttl", "0s")).ok();
        assertThat(here.text("status")).isEqualTo("delivered_online");
        scene.awaitShown(phone, "now");

        scene.leave(phone);
        Answer away = scene.rest.send(Mail.to(phone.endpoint()).text("gone").with("class", "TRANSIENT")).ok();
        assertThat(away.text("status")).isEqualTo("offline_dropped");
        scene.send(phone, "kept");
        scene.back(phone);
        scene.awaitShown(phone, "kept");
        assertThat(phone.shownTexts()).containsExactly("now", "kept");
    }

    @Test
    void holdsALowOneUntilThePhoneIsHeardAndWritesAHighOneAtOnce() {
        Phone phone = scene.online();
        phone.foreground(false);
        LockSupport.parkNanos(Duration.ofSeconds(7).toNanos()); // nothing is heard from it for more than 3 s

        String low = scene.send(Mail.to(phone.endpoint()).text("low").with("priority", "LOW")
                .with("low_window", "10m"));
        Answer timeline = scene.rest.timeline(low, phone.endpoint()).ok();
        assertThat(timeline.text("state")).isEqualTo("waiting");
        assertThat(timeline.text("reason_code")).isNotEmpty();
        LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
        assertThat(phone.shown()).isEmpty();

        String high = scene.send(Mail.to(phone.endpoint()).text("high").with("priority", "HIGH"));
        scene.awaitShown(phone, "high");
        assertThat(phone.shown().getFirst().isUrgent()).isTrue();
        // Its ack was heard: that is when the other one may go.
        scene.awaitShown(phone, "low");
        scene.awaitState(high, phone, "acked");
        scene.awaitState(low, phone, "acked");
    }

    @Test
    void writesALowOneAtOnceToAPhoneInUse() {
        Phone phone = scene.online();
        phone.foreground(true);
        long began = Clock.system().millis();
        scene.send(Mail.to(phone.endpoint()).text("low").with("priority", "LOW"));
        scene.awaitShown(phone, "low");
        assertThat(Clock.system().millis() - began).isLessThan(3000);
    }

    @Test
    void sendsALowOneAtTheLatestWhenItsWindowEnds() {
        Phone phone = scene.online();
        phone.foreground(false);
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
        long began = Clock.system().millis();
        String low = scene.send(Mail.to(phone.endpoint()).text("low").with("priority", "LOW")
                .with("low_window", "30s"));
        scene.awaitState(low, phone.endpoint(), "acked", Duration.ofMinutes(1));
        assertThat(Clock.system().millis() - began).isLessThan(50_000);
    }

    /** With a second node: {@link FastIT}. */
    @Test
    void takesAFastOneAsDurableWhereRedisHasNoSecondNode() {
        Phone phone = scene.offline();
        double before = SharedPlatform.metric(SharedPlatform.get().platform().saver(), "saver_fast_downgrades_total");
        String fast = scene.send(Mail.to(phone.endpoint()).text("fast").with("class", "FAST"));
        assertThat(SharedPlatform.metric(SharedPlatform.get().platform().saver(), "saver_fast_downgrades_total"))
                .isEqualTo(before + 1);
        scene.back(phone);
        scene.awaitShown(phone, "fast");
        scene.awaitState(fast, phone, "acked");
        assertThat(scene.rest.timeline(fast, phone.endpoint()).ok().texts("milestones", "name")).contains("accepted",
                "stored", "acked");
    }

    @Test
    void answersTheSameToTheSameKeyAndRefusesAnotherBody() {
        Phone phone = scene.online();
        Mail mail = Mail.to(phone.endpoint()).text("once").with("idempotency_key", "order 17");
        Answer first = scene.rest.send(mail).ok();
        Answer again = scene.rest.send(mail).ok();

        assertThat(again.messageId()).isEqualTo(first.messageId());
        assertThat(again.body().path("duplicate").asBoolean()).isTrue();
        Answer other = scene.rest.send(Mail.to(phone.endpoint()).text("else").with("idempotency_key", "order 17"));
        assertThat(other.status()).as("%s", other.body()).isEqualTo(409);
        scene.awaitShown(phone, "once");
        scene.awaitState(first.messageId(), phone, "acked");
        assertThat(phone.shownTexts()).containsExactly("once");

        Phone second = scene.online();
        var both = java.util.List.of(phone.endpoint(), second.endpoint());
        Answer list = scene.rest.send(Mail.toAll(both).text("list").with("idempotency_key", "list 1")).ok();
        Answer listAgain = scene.rest.send(Mail.toAll(both).text("list").with("idempotency_key", "list 1")).ok();
        assertThat(listAgain.messageId()).isEqualTo(list.messageId());
        assertThat(scene.rest.send(Mail.toAll(both).text("other").with("idempotency_key", "list 1")).status())
                .isEqualTo(409);
        scene.awaitShown(second, "list");
        scene.awaitState(list.messageId(), phone, "acked");
        assertThat(phone.shownTexts()).containsExactly("once", "list");
    }

    @Test
    void triesEverythingAndSendsNothingInADryRun() {
        Phone phone = scene.online();
        Answer dry = scene.rest.send(Mail.to(phone.endpoint()).text("dry").with("dry_run", true)).ok();
        assertThat(dry.text("status")).isEqualTo("dry_run");
        Answer wrong = scene.rest.send(Mail.to("ep_nonsense").text("dry").with("dry_run", true));
        assertThat(wrong.status()).isIn(400, 404);
        scene.send(phone, "real");
        scene.awaitShown(phone, "real");
        assertThat(phone.shownTexts()).containsExactly("real");
    }

    @Test
    void sendsNotBeforeItsTime() {
        Phone phone = scene.online();
        long began = Clock.system().wallMillis();
        Answer scheduled = scene.rest.send(Mail.to(phone.endpoint()).text("later").with("not_before", "6s")).ok();
        long answered = Clock.system().wallMillis();

        assertThat(scheduled.text("status")).isEqualTo("scheduled");
        assertThat(scheduled.number("fires_ms")).isBetween(began + 5_000, answered + 7_000);
        assertThat(scene.rest.get("/v1/schedules/" + scheduled.text("schedule_id")).ok().text("state"))
                .isEqualTo("active");
        scene.awaitShown(phone, "later");
        assertThat(Clock.system().wallMillis()).isGreaterThanOrEqualTo(scheduled.number("fires_ms"));
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer done = scene.rest.get("/v1/schedules/" + scheduled.text("schedule_id")).ok();
            assertThat(done.text("state")).isEqualTo("done");
            assertThat(done.number("fired")).isEqualTo(1);
            scene.awaitState(done.text("last_message_id"), phone, "acked");
        });
    }
}
