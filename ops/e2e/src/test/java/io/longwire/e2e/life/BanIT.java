package io.longwire.e2e.life;

import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who is banned is ended where it is, refused at its next login and sent nothing, until the ban is over or lifted. */
class BanIT {
    private static final int READ_MILLIS = 500;

    private final Scene scene = new Scene("ban");
    private final Scene other = new Scene("ban-other");

    @AfterEach
    void end() {
        scene.close();
        other.close();
    }

    @Test
    void keepsAnEndpointOutUntilTheBanIsLiftedAndLosesNothing() {
        Phone phone = scene.online();
        String waiting = scene.send(phone, "before");
        scene.awaitState(waiting, phone, "acked");

        Answer ban = ban("\"endpoint\":\"" + phone.endpoint() + "\",\"reason\":\"spam\"").ok();

        assertThat(ban.text("state")).isEqualTo("active");
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(phone.kicks()).containsExactly("BLOCKED spam 3600000"));
        await().atMost(LIMIT).untilAsserted(
                () -> scene.rest.send(Mail.to(phone.endpoint()).text("refused")).refused(409, "blocked"));
        scene.leave(phone);
        phone.start(); // a reboot forgets how long it should stay away
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(phone.story()).anyMatch(line -> line.contains("refused with BLOCKED")));
        assertThat(phone.online()).isFalse();
        assertThat(scene.rest.get("/v1/bans").ok().texts("bans", "endpoint")).containsExactly(phone.endpoint());

        assertThat(scene.rest.delete("/v1/bans/" + ban.text("ban_id")).ok().text("state")).isEqualTo("lifted");

        scene.rest.delete("/v1/bans/" + ban.text("ban_id")).refused(404, "unknown_ban");
        assertThat(scene.rest.get("/v1/bans").ok().list("bans")).isEmpty();
        await().atMost(LIMIT).untilAsserted(
                () -> scene.rest.send(Mail.to(phone.endpoint()).text("after")).ok());
        comeBack(phone);
        scene.awaitShown(phone, "after");
    }

    @Test
    void aBanEndsAtItsTimeAndThePhoneComesBackByItself() {
        Phone phone = scene.online();

        long before = Clock.system().nanos();
        ban("\"endpoint\":\"" + phone.endpoint() + "\",\"duration\":\"15s\"").ok();

        await().atMost(LIMIT).until(() -> phone.kicks().size() == 1);
        assertThat(phone.kicks().getFirst()).startsWith("BLOCKED ");
        phone.awaitOnline(LIMIT.multipliedBy(2));
        assertThat((Clock.system().nanos() - before) / 1_000_000).isGreaterThanOrEqualTo(14_900);
        scene.awaitState(scene.send(phone, "after its time"), phone, "acked");
    }

    @Test
    void saysThatAMessageWaitsForTheEndOfABan() {
        Phone away = scene.offline();
        String id = scene.send(away, "waits");
        Answer ban = ban("\"endpoint\":\"" + away.endpoint() + "\",\"duration\":\"1h\"").ok();

        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                scene.rest.timeline(id, away.endpoint()).ok().text("reason_code")).isEqualTo("banned"));

        assertThat(scene.rest.timeline(id, away.endpoint()).ok().text("why")).startsWith("endpoint banned until 20");
        scene.rest.delete("/v1/bans/" + ban.text("ban_id")).ok();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                scene.rest.timeline(id, away.endpoint()).ok().text("reason_code")).isEqualTo("offline"));
        comeBack(away);
        scene.awaitState(id, away, "acked");
    }

    @Test
    void servesTheOtherAppsOfThePhone() {
        Phone phone = scene.phones.add(scene.product, other.product);
        phone.start();
        phone.awaitOnline(LIMIT);

        ban("\"endpoint\":\"" + phone.endpoint(0) + "\"").ok();

        await().atMost(LIMIT).until(() -> phone.kicks().size() == 1);
        other.rest.send(Mail.to(phone.endpoint(1)).text("for the other")).ok();
        other.awaitShown(phone, "for the other");
        phone.restart();
        await().atMost(LIMIT).until(() -> phone.app(1).isOnline());
        other.rest.send(Mail.to(phone.endpoint(1)).text("after a reboot")).ok();
        other.awaitShown(phone, "after a reboot");
        assertThat(phone.app(0).isOnline()).isFalse();
    }

    @Test
    void bansAnAliasWithAllItsEndpointsAndWhoeverBindsIt() {
        Phone here = scene.online();
        Phone there = scene.online();
        Phone late = scene.online();
        bind(here, "anna").ok();
        bind(there, "anna").ok();

        Answer ban = ban("\"alias\":\"anna\",\"reason\":\"fraud\"").ok();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(here.kicks()).containsExactly("BLOCKED fraud 3600000");
            assertThat(there.kicks()).containsExactly("BLOCKED fraud 3600000");
        });
        assertThat(bind(late, "anna").refused(409, "alias_refused").detail())
                .isEqualTo("alias anna: banned (expected: one that is not)");
        await().atMost(LIMIT).untilAsserted(() -> {
            Answer sent = scene.rest.send(Mail.toAlias("anna").text("no")).ok();
            assertThat(sent.text("status")).isEqualTo("refused");
            assertThat(sent.texts("results", "status")).containsExactly("blocked", "blocked");
        });
        assertThat(late.online()).isTrue();
        assertThat(scene.rest.get("/v1/bans").ok().texts("bans", "alias")).containsExactly("anna");

        scene.rest.delete("/v1/bans/" + ban.text("ban_id")).ok();
        for (Phone one : List.of(here, there)) {
            await().atMost(LIMIT).untilAsserted(() -> scene.rest.send(Mail.to(one.endpoint()).text("welcome")).ok());
            comeBack(one);
            scene.awaitShown(one, "welcome");
        }
        bind(late, "anna").ok();
    }

    @Test
    void bansANetworkAtTheDoor() throws Exception {
        assertThat(connects("127.0.0.77")).isTrue();
        ban("\"network\":\"127.0.0.76/31\"").refused(403, "forbidden");

        Answer ban = scene.operator.post("/v1/bans", "{\"network\":\"127.0.0.76/31\",\"reason\":\"flood\"}").ok();

        await().atMost(LIMIT).until(() -> !connects("127.0.0.77"));
        await().atMost(LIMIT).until(() -> roomsFrom("127.0.0.77") == 403);
        assertThat(roomsFrom("127.0.0.78")).isEqualTo(200);
        assertThat(connects("127.0.0.78")).isTrue();
        assertThat(connects("127.0.0.1")).isTrue();
        assertThat(scene.operator.get("/v1/bans").ok().texts("bans", "network")).contains("127.0.0.76/31");
        assertThat(scene.operator.get("/v1/audit").ok().texts("entries", "action")).contains("ban.create");
        scene.operator.delete("/v1/bans/" + ban.text("ban_id")).ok();
        await().atMost(LIMIT).until(() -> connects("127.0.0.77"));
    }

    @Test
    void badBansAreRefusedByTheirRule() {
        Phone phone = scene.offline();
        assertThat(ban("\"alias\":\"a\",\"duration\":\"soon\"").refused(400, "invalid_argument").detail())
                .isEqualTo("duration: soon (expected: 1s to 3650d, or none)");
        assertThat(ban("\"reason\":\"nobody\"").refused(400, "invalid_argument").detail())
                .isEqualTo("ban: of nobody (expected: one of endpoint, alias, network)");
        assertThat(scene.operator.post("/v1/bans", "{\"network\":\"everywhere\"}").refused(400, "invalid_argument")
                .detail()).startsWith("network: everywhere (expected: a block such as");
        other.rest.post("/v1/bans", "{\"endpoint\":\"" + phone.endpoint() + "\"}").refused(404, "unknown_endpoint");
        other.rest.delete("/v1/bans/999999").refused(404, "unknown_ban");
        other.rest.delete("/v1/bans/spam").refused(400, "invalid_argument");
    }

    /** A reboot, again and again until its room has heard that it may come. */
    private static void comeBack(Phone phone) {
        await().atMost(LIMIT).untilAsserted(() -> {
            phone.restart();
            phone.awaitOnline(Duration.ofSeconds(2));
        });
    }

    private int roomsFrom(String address) throws IOException, InterruptedException {
        try (var http = HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(address)).build()) {
            return http.send(HttpRequest.newBuilder(URI.create(scene.product.dispatcher() + "/v1/rooms")).build(),
                    BodyHandlers.discarding()).statusCode();
        }
    }

    /** Whether a room keeps a connection from this address open for a while. */
    private static boolean connects(String from) throws IOException {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(SharedPlatform.get().listener(0, "tcp"), (int) Duration.ofSeconds(5).toMillis());
            socket.setSoTimeout(READ_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException open) {
            return true;
        } catch (SocketException reset) {
            return false;
        }
    }

    private Answer ban(String fields) {
        return scene.rest.post("/v1/bans", "{" + fields + "}");
    }

    private Answer bind(Phone phone, String alias) {
        return scene.rest.post("/v1/endpoints/" + phone.endpoint() + "/profile",
                "{\"bind_aliases\":[\"" + alias + "\"]}");
    }
}
