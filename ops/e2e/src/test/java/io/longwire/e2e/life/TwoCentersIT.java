package io.longwire.e2e.life;

import io.longwire.center.CenterConfig;
import io.longwire.center.CenterMain;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.e2e.rest.Rest;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A second center beside the platform's: both look for what is due, each second. */
class TwoCentersIT {
    private static final int CRONS = 20;
    private static final int ONCE = 40;
    private static final long MINUTE_MILLIS = 60_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Scene scene = new Scene("two-centers");
    private final Service second = second();
    private final Rest other = new Rest("http://" + second.cluster().self().attributes().get("api"),
            scene.product.apiKey());

    @AfterEach
    void end() {
        other.close();
        second.close();
        scene.close();
    }

    @Test
    void fireEachTimeOnceTogether() {
        Phone phone = scene.online();
        await().atMost(LIMIT).until(() -> other.get("/v1/endpoints/" + phone.endpoint()).status() == 200);
        // so that all that is made now fires at one full minute, and is looked at before the next
        await().atMost(LIMIT).until(() -> Clock.system().wallMillis() % MINUTE_MILLIS < MINUTE_MILLIS / 2);
        var schedules = new ArrayList<String>();
        var texts = new ArrayList<String>();
        Instant began = Instant.ofEpochMilli(Clock.system().wallMillis());
        for (int i = 0; i < ONCE; i++) { // spread over ten seconds, so that each of them finds some first
            texts.add("once " + i);
            schedules.add(create(i % 2 == 0 ? scene.rest : other, phone, "once " + i,
                    "\"at\":\"" + began.plusMillis(15_000 + 250L * i) + "\""));
        }
        for (int i = 0; i < CRONS; i++) {
            texts.add("cron " + i);
            schedules.add(create(i % 2 == 0 ? scene.rest : other, phone, "cron " + i, "\"cron\":\"* * * * *\""));
        }

        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.shownTexts()).containsAll(texts));
        List<Answer> all = schedules.subList(ONCE, ONCE + CRONS).stream()
                .map(id -> scene.rest.post("/v1/schedules/" + id + ":pause", "{}").ok()).toList();

        assertThat(all).allSatisfy(cron -> assertThat(cron.number("fired")).isEqualTo(1));
        assertThat(schedules.subList(0, ONCE)).allSatisfy(
                id -> assertThat(other.get("/v1/schedules/" + id).ok().number("fired")).isEqualTo(1));
        assertThat(phone.shownTexts()).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(scene.rest.get("/v1/conservation").ok().number("rows")).as("stored").isEqualTo(ONCE + CRONS);
    }

    private static String create(Rest center, Phone phone, String text, String when) {
        return center.post("/v1/schedules", "{\"message\":" + Mail.to(phone.endpoint()).text(text).json() + "," + when
                + "}").ok().text("schedule_id");
    }

    private static Service second() {
        var shared = SharedPlatform.get();
        return Service.start("center", ConfigNode.of(Map.of("apiPort", 0, "service", Map.of("name", "center-2",
                "zookeeper", shared.platform().zookeeper(), "namespace", "longwire", "dataDir",
                Place.fresh("second-center").toString(), "secrets",
                shared.data().resolve("secrets.yaml").toString(), "session", "6s", "drain", "0s"))), CenterConfig::read,
                CenterMain::wire, HaltPoints.none());
    }
}
