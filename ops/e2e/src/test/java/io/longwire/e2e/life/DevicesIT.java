package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On how many devices a user may be: who has the alias, what the loser is told, and that no message is lost by it. */
class DevicesIT {
    private final Scene scene = new Scene("devices");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void allDevicesHaveTheUserUnlessTheAppSaysOtherwise() {
        Phone first = scene.online();
        Phone second = scene.online();
        bind(first, "{}").ok();
        bind(second, "{}").ok();

        assertThat(holders()).containsExactlyInAnyOrder(first.endpoint(), second.endpoint());
        assertThat(first.kicks()).isEmpty();
    }

    @Test
    void theNewestTakesTheUserAndTheLoserKeepsItsMessages() {
        policy("newest");
        Phone first = scene.online();
        Phone second = scene.online();
        bind(first, "{}").ok();
        String kept = scene.send(scene.leave(first), "sent before it lost the user");

        bind(second, "{}").ok(); // the loser is away
        scene.back(first);
        scene.awaitState(kept, first, "acked");
        assertThat(holders()).containsExactly(second.endpoint());
        bind(first, "{}").ok(); // and back: now the other one loses

        await().atMost(LIMIT).untilAsserted(() -> assertThat(second.kicks()).containsExactly("SIGNED_OUT anna 0"));
        assertThat(holders()).containsExactly(first.endpoint());
        assertThat(profile(second).texts("aliases")).isEmpty();
        Answer sent = scene.rest.send(Mail.toAlias("anna").text("to the user")).ok();
        assertThat(sent.texts("results", "endpoint")).containsExactly(first.endpoint());
        scene.awaitShown(first, "to the user");
        await().atMost(LIMIT).until(second::online); // an endpoint like any other
        String own = scene.send(second, "to the loser itself");
        scene.awaitState(own, second, "acked");
        assertThat(second.shownTexts()).doesNotContain("to the user");
    }

    @Test
    void theNewestByTheSdkToo() {
        policy("newest");
        Phone first = scene.online();
        Phone second = scene.online();
        first.app(0).bindAlias("anna");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(holders()).containsExactly(first.endpoint()));

        second.app(0).bindAlias("anna");

        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.kicks()).containsExactly("SIGNED_OUT anna 0"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(holders()).containsExactly(second.endpoint()));
    }

    @Test
    void oneOfEachPlatform() {
        policy("one_per_platform");
        Phone phone = scene.online();
        Phone tablet = scene.online();
        Phone newPhone = scene.online();
        bind(phone, "{\"platform\":\"android\"}").ok();
        bind(tablet, "{\"platform\":\"ios\"}").ok();

        bind(newPhone, "{\"platform\":\"android\"}").ok();

        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.kicks()).containsExactly("SIGNED_OUT anna 0"));
        assertThat(holders()).containsExactlyInAnyOrder(tablet.endpoint(), newPhone.endpoint());
        assertThat(tablet.kicks()).isEmpty();
    }

    @Test
    void theOldestKeepsTheUserUntilItSignsOut() {
        policy("oldest");
        Phone first = scene.online();
        Phone second = scene.online();
        bind(first, "{}").ok();

        assertThat(bind(second, "{}").refused(409, "alias_refused").detail())
                .isEqualTo("alias anna: another endpoint has it (expected: none; unbind it first)");
        assertThat(holders()).containsExactly(first.endpoint());
        assertThat(List.of(first.kicks(), second.kicks())).containsOnly(List.of());

        scene.rest.post("/v1/endpoints/" + first.endpoint() + "/profile", "{\"unbind_aliases\":[\"anna\"]}").ok();
        bind(second, "{}").ok();
        assertThat(holders()).containsExactly(second.endpoint());
    }

    @Test
    void aPolicyThatIsNoneIsRefused() {
        assertThat(scene.operator.post("/v1/apps/" + scene.product.appId() + ":update",
                "{\"settings\":{\"devices\":\"two\"}}").refused(400, "invalid_argument").detail())
                .isEqualTo("devices: two (expected: all, one_per_platform, newest or oldest)");
        policy("oldest");
        assertThat(scene.operator.get("/v1/apps/" + scene.product.appId()).ok().body().path("settings")
                .path("devices").asText()).isEqualTo("oldest");
    }

    // The platform of tests has one saver, which knows what it has changed itself at once.
    private void policy(String devices) {
        scene.settings("{\"devices\":\"" + devices + "\"}");
    }

    private Answer bind(Phone phone, String attributes) {
        return scene.rest.post("/v1/endpoints/" + phone.endpoint() + "/profile",
                "{\"bind_aliases\":[\"anna\"],\"set_attributes\":" + attributes + "}");
    }

    private Answer profile(Phone phone) {
        return scene.rest.get("/v1/endpoints/" + phone.endpoint() + "/profile").ok();
    }

    private List<String> holders() {
        return scene.rest.get("/v1/aliases/anna").ok().texts("endpoints");
    }
}
