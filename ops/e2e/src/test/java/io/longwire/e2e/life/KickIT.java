package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.ConnectionStatus.State;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Sessions that a product or the operator ends: who is kicked is told why, and stays away as long as it is told. */
class KickIT {
    private final Scene scene = new Scene("kick");
    private final Scene other = new Scene("kick-other");

    @AfterEach
    void end() {
        scene.close();
        other.close();
    }

    @Test
    void anEndpointIsToldWhyAndComesBackNotBeforeItMay() {
        Phone phone = scene.online();

        long before = Clock.system().nanos();
        Answer kicked = kick(phone, "{\"reason\":\"account closed\",\"retry_after_seconds\":3}").ok();

        assertThat(kicked.text("state")).isEqualTo("kicked");
        assertThat(kicked.body().path("kicked").asBoolean()).isTrue();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.kicks()).containsExactly("KICKED account closed "
                + "3000"));
        String id = scene.send(phone, "while it is away");
        phone.look(); // the user does, which hurries an ordinary reconnect

        Long shown = await().atMost(LIMIT).until(() -> phone.shownAt("while it is away"), Objects::nonNull);
        assertThat((shown - before) / 1_000_000).as("not before it may").isGreaterThanOrEqualTo(3_000);
        scene.awaitState(id, phone, "acked");
    }

    @Test
    void whoIsAwayIsOffline() {
        Phone phone = scene.online();

        assertThat(kick(phone, "{\"retry_after_seconds\":600}").ok().text("state")).isEqualTo("kicked");

        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(kick(phone, "{}").ok().text("state")).isEqualTo("offline"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.kicks()).containsExactly("KICKED  600000"));
        assertThat(phone.online()).isFalse();
    }

    @Test
    void onlyTheConnectionThatIsMeant() {
        Phone phone = scene.online();
        long connSeq = scene.rest.endpoint(phone.endpoint()).number("conn_seq");

        assertThat(kick(phone, "{\"conn_seq\":" + (connSeq - 1) + "}").ok().text("state")).isEqualTo("moved");
        assertThat(phone.online()).isTrue();
        assertThat(kick(phone, "{\"conn_seq\":" + connSeq + "}").ok().text("state")).isEqualTo("kicked");
        await().atMost(LIMIT).until(() -> phone.kicks().size() == 1);
    }

    @Test
    void allEndpointsOfAUser() {
        Phone here = scene.online();
        Phone there = scene.online();
        Phone away = scene.offline();
        Phone stranger = scene.online();
        for (Phone one : new Phone[]{here, there, away}) {
            scene.rest.post("/v1/endpoints/" + one.endpoint() + "/profile", "{\"bind_aliases\":[\"anna\"]}").ok();
        }

        Answer kicked = scene.rest.post("/v1/aliases/anna:kick", "{\"reason\":\"password changed\","
                + "\"retry_after_seconds\":600}").ok();

        assertThat(kicked.texts("endpoints", "endpoint")).containsExactlyInAnyOrder(here.endpoint(), there.endpoint(),
                away.endpoint());
        assertThat(kicked.texts("endpoints", "state")).containsExactlyInAnyOrder("kicked", "kicked", "offline");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(here.kicks()).containsExactly("KICKED password changed 600000");
            assertThat(there.kicks()).containsExactly("KICKED password changed 600000");
        });
        await().atMost(LIMIT).untilAsserted(() -> assertThat(here.status()).isNotNull()
                .extracting(ConnectionStatus::state).isIn(State.WAITING, State.REGISTERING));
        assertThat(stranger.online()).isTrue();
        assertThat(stranger.kicks()).isEmpty();
        scene.rest.post("/v1/aliases/nobody:kick", "{}").refused(404, "unknown_endpoint");
    }

    @Test
    void theWholeConnectionByTheOperator() {
        Phone phone = scene.phones.add(scene.product, other.product);
        phone.start();
        phone.awaitOnline(LIMIT);
        String body = "{\"app_id\":" + scene.product.appId() + ",\"endpoint\":\"" + phone.endpoint(0)
                + "\",\"reason\":\"drill\"}";

        scene.rest.post("/v1/connections:kick", body).refused(403, "forbidden");
        assertThat(scene.operator.post("/v1/connections:kick", body).ok().text("state")).isEqualTo("kicked");

        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(phone.kicks()).containsExactly("KICKED drill 0", "KICKED drill 0"));
        assertThat(scene.operator.get("/v1/audit?app_id=" + scene.product.appId()).ok().texts("entries", "action"))
                .contains("connection.kick");
        phone.awaitOnline(LIMIT);
    }

    @Test
    void badKicksAreRefusedByTheirRule() {
        Phone phone = scene.offline();
        assertThat(kick(phone, "{\"retry_after_seconds\":3601}").refused(400, "invalid_argument").detail())
                .isEqualTo("retry_after_seconds: 3601 (expected: 0 to 3600; a ban lasts longer)");
        assertThat(kick(phone, "{\"reason\":\"" + "x".repeat(257) + "\"}").refused(400, "invalid_argument").detail())
                .isEqualTo("reason: 257 characters (expected: at most 256)");
        other.rest.post("/v1/endpoints/" + phone.endpoint() + ":kick", "{}").refused(404, "unknown_endpoint");
    }

    private Answer kick(Phone phone, String body) {
        return scene.rest.post("/v1/endpoints/" + phone.endpoint() + ":kick", body);
    }
}
