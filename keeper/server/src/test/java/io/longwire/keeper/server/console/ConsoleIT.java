package io.longwire.keeper.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.keeper.server.console.Browser.Answer;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.user.PasswordHash;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.keeper.server.console.web.Guard;
import io.longwire.keeper.server.console.web.Route;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/** The console's server over real HTTP, on a real ZooKeeper. */
final class ConsoleIT {
    private static final String PASSWORD = "a password of some length";
    private static final String HASH = PasswordHash.of(PASSWORD);

    @TempDir
    private static Path data;
    private static ZooKeeperServer zookeeper;
    private static CuratorFramework client;
    private static Neighbours neighbours;
    private static Service keeper;
    private static Users users;

    @BeforeAll
    static void start() throws IOException {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        client = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", Duration.ofSeconds(10));
        users = new Users(client);
        neighbours = new Neighbours(service());
        Files.writeString(data.resolve("admin-key"), "lwadmin_of_the_test\n");
        keeper = Service.start("keeper", ConfigNode.of(Map.of("service", service(), "console", Map.of("enabled", true,
                "port", 0, "adminKeyFile", data.resolve("admin-key").toString(), "secureCookie", true, "balancers",
                List.of("127.0.0.1")))),
                KeeperConfig::read, KeeperMain::wire, HaltPoints.none());
        await().until(() -> keeper.cluster().members("center").list().stream()
                .anyMatch(center -> center.attributes().containsKey("api")));
    }

    @AfterAll
    static void stop() {
        keeper.close();
        neighbours.close();
        client.close();
        zookeeper.close();
    }

    @BeforeEach
    void noRecords() {
        neighbours.audit.clear();
        neighbours.center.clear();
    }

    @Test
    void signsInAndOutByACookieThatNoScriptReads() {
        try (Browser browser = browser()) {
            Answer in = user(browser, "olga", Role.OPERATOR);
            assertThat(in.header("Set-Cookie")).matches("lw_console=[A-Za-z0-9_-]{43}\\.olga; Path=/; HttpOnly; "
                    + "SameSite=Strict; Max-Age=43200; Secure");
            assertThat(browser.get("/api/me").json().path("role").asText()).isEqualTo("operator");
            await().untilAsserted(() -> assertThat(neighbours.audit).extracting(AuditRecord::getAction,
                    AuditRecord::getActor, AuditRecord::getAddress)
                    .contains(org.assertj.core.groups.Tuple.tuple("console.sign_in", "admin/olga", "127.0.0.1")));

            assertThat(browser.post("/api/sign-out", "{}").status()).isEqualTo(200);
            Answer after = browser.get("/api/me");
            assertThat(after.status()).isEqualTo(401);
            assertThat(after.code()).isEqualTo("session_ended");
        }
    }

    @Test
    void tellsWhoHasNoSessionFromWhoseSessionEnded() throws Exception {
        try (Browser browser = browser()) {
            assertThat(browser.get("/api/me").code()).isEqualTo("not_signed_in");
            assertThat(browser.get("/api/session").json().path("ended").asBoolean(true)).isFalse();
            user(browser, "late", Role.VIEWER);
            String folder = "/console/sessions/late";
            for (String id : client.getChildren().forPath(folder)) {
                String kept = new String(client.getData().forPath(folder + "/" + id), StandardCharsets.UTF_8);
                client.setData().forPath(folder + "/" + id, kept.replaceAll("\"expires_ms\":\\d+",
                        "\"expires_ms\":" + (Clock.system().wallMillis() - 1)).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(browser.get("/api/me").code()).isEqualTo("session_ended");
            assertThat(browser.get("/api/session").json().path("ended").asBoolean()).isTrue();
        }
    }

    @Test
    void limitsWrongPasswordsAlsoOfNamesThatNobodyHas() {
        try (Browser browser = browser()) {
            user(browser, "mallory", Role.VIEWER);
            for (String name : new String[]{"mallory", "nobody"}) {
                for (int i = 0; i < 5; i++) {
                    Answer wrong = browser.signIn(name, "a wrong password " + i);
                    assertThat(wrong.status()).isEqualTo(401);
                    assertThat(wrong.json().path("detail").asText())
                            .isEqualTo("name or password: wrong (expected: those of a user)");
                }
                Answer limited = browser.signIn(name, PASSWORD);
                assertThat(limited.status()).isEqualTo(429);
                assertThat(limited.code()).isEqualTo("too_often");
                assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(800, 900);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"viewer, GET, /api/v1/apps, 200", "viewer, GET, /api/v1/audit, 200", "viewer, GET, /api/cluster, 200",
            "viewer, POST, /api/v1/endpoints/ep_x:kick?app=7, 403", "viewer, POST, /api/rooms/r/drain, 403",
            "viewer, POST, /api/v1/broadcasts/b1:pause, 403", "viewer, POST, /api/v1/apps, 403",
            "viewer, POST, /api/config/put, 403", "viewer, POST, /api/process/profile, 403",
            "viewer, GET, /api/v1/bans?app_id=7, 200", "viewer, POST, /api/v1/bans, 403",
            "viewer, DELETE, /api/v1/bans/9?app_id=7, 403", "operator, POST, /api/v1/bans, 200",
            "operator, DELETE, /api/v1/bans/9?app_id=7, 200",
            "viewer, GET, /api/users, 403", "operator, POST, /api/v1/endpoints/ep_x:kick?app=7, 200",
            "operator, POST, /api/v1/broadcasts/b1:pause, 200",
            "operator, POST, /api/v1/broadcasts/b1:approve, 403", "operator, POST, /api/v1/apps, 403",
            "operator, DELETE, /api/v1/apps/7/keys/ab12, 403", "operator, GET, /api/users, 403",
            "operator, POST, /api/users, 403", "owner, POST, /api/v1/broadcasts/b1:approve, 200",
            "owner, POST, /api/v1/apps, 200", "owner, DELETE, /api/v1/apps/7/keys/ab12, 200",
            "owner, GET, /api/users, 200"})
    void checksTheRoleOfEachCall(String role, String method, String path, int status) {
        try (Browser browser = browser()) {
            user(browser, "role-" + role, Role.of(role).orElseThrow());
            Answer answer = switch (method) {
                case "GET" -> browser.get(path);
                case "DELETE" -> browser.delete(path);
                default -> browser.post(path, "{}");
            };
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
            assertThat(answer.code()).isEqualTo(status == 403 ? "forbidden" : "");
            assertThat(neighbours.center.isEmpty()).as("nothing forbidden reaches center").isEqualTo(
                    status == 403 || !path.startsWith("/api/v1/"));
        }
    }

    @Test
    void asksForASessionAndTheRoleOnEveryRouteButThree() {
        List<Route> routes = routes();
        assertThat(routes).hasSizeGreaterThan(50);
        assertThat(routes).filteredOn(route -> route.least() == null)
                .extracting(route -> route.method() + " " + route.path())
                .containsExactly("POST /api/sign-in", "GET /api/session", "GET /(.*)");
        try (Browser nobody = browser(); Browser viewer = browser()) {
            user(viewer, "walker", Role.VIEWER);
            for (Route route : routes) {
                if (route.least() == null) {
                    continue;
                }
                String path = sample(route);
                String body = route.method().equals("POST") ? "{}" : "";
                assertThat(nobody.ask(route.method(), path, body, Map.of()).code()).as(route.method() + " " + path)
                        .isEqualTo("not_signed_in");
                if (route.least() != Role.VIEWER) {
                    assertThat(viewer.ask(route.method(), path, body, Map.of("X-Longwire-Csrf", viewer.csrf())).code())
                            .as(route.method() + " " + path).isEqualTo("forbidden");
                }
            }
            assertThat(neighbours.center).isEmpty();
            assertThat(neighbours.drained).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"brenda, 10.1.1.1, 10.1.1.1, 10.1.1.2", "bianca, 2001:db9::1, 2001:db9::2, 2001:db9:0:1:0:0:0:1"})
    void behindABalancerEachBrowserHasItsOwnAddress(String name, String from, String same, String other) {
        try (Browser browser = browser()) {
            users.add(new User(name, Role.VIEWER, HASH, 1));
            for (int i = 0; i < 6; i++) {
                assertThat(signIn(browser, name, "a wrong password " + i, i < 5 ? from : same).status())
                        .isEqualTo(i < 5 ? 401 : 429);
            }
            assertThat(signIn(browser, name, PASSWORD, other).status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(neighbours.audit).filteredOn(AuditRecord::getActor, "admin/" + name)
                    .extracting(AuditRecord::getAddress).containsExactly(other));
        }
    }

    @Test
    void madeUpCookiesAreLookedUpNowAndThenAlone() {
        try (Browser browser = browser(); Browser other = browser()) {
            user(other, "otto", Role.VIEWER);
            Map<String, String> from = Map.of("X-Forwarded-For", "10.2.2.2");
            int refused = 0;
            for (int i = 0; i < 130; i++) {
                var headers = new HashMap<>(from);
                headers.put("Cookie", "lw_console=" + "x".repeat(40) + (100 + i) + ".otto");
                refused += browser.ask("GET", "/api/session", "", headers).status() == 429 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(10);
            assertThat(other.ask("GET", "/api/me", "", from).status()).as("a session of before, from there")
                    .isEqualTo(200);
        }
    }

    @Test
    void aProcessThatIsProfiledHasANameAndNoLines() {
        try (Browser browser = browser()) {
            user(browser, "prof", Role.OPERATOR);
            for (String path : List.of("/api/process/heap", "/api/process/threads")) {
                assertThat(browser.post(path, "{\"part\":\"room\",\"instance\":\"r\\naudit: forged\"}").code())
                        .isEqualTo("invalid_argument");
            }
            assertThat(neighbours.audit).extracting(AuditRecord::getAction).doesNotContain("process.heap");
        }
    }

    @Test
    void takesChangesFromItsOwnPagesAlone() {
        try (Browser browser = browser()) {
            user(browser, "cora", Role.OWNER);
            String path = "/api/v1/apps";
            Map<String, String> token = Map.of("X-Longwire-Csrf", browser.csrf());
            assertThat(browser.ask("POST", path, "{}", Map.of()).code()).as("no token").isEqualTo("cross_site");
            assertThat(browser.ask("POST", path, "{}", Map.of("X-Longwire-Csrf", "wrong")).code())
                    .isEqualTo("cross_site");
            for (Map<String, String> foreign : List.of(Map.of("Origin", "https://evil.example"),
                    Map.of("Origin", "null"), Map.of("Sec-Fetch-Site", "cross-site"),
                    Map.of("Sec-Fetch-Site", "same-site"), Map.of("Content-Type", "text/plain"))) {
                var headers = new HashMap<>(token);
                headers.putAll(foreign);
                assertThat(browser.ask("POST", path, "{}", headers).code()).as(foreign.toString())
                        .isEqualTo("cross_site");
            }
            assertThat(browser.ask("POST", "/api/sign-in", "{\"name\":\"cora\",\"password\":\"" + PASSWORD + "\"}",
                    Map.of("Sec-Fetch-Site", "cross-site")).code()).as("nobody is signed in from elsewhere")
                    .isEqualTo("cross_site");
            assertThat(neighbours.center).isEmpty();
            assertThat(browser.post(path, "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void callsCenterWithTheOperatorsKeyInThePersonsNameWithinTheApp() {
        try (Browser browser = browser()) {
            user(browser, "kim", Role.OPERATOR);
            browser.post("/api/v1/endpoints/ep_abc:kick?app=7", "{\"reason\":\"old\"}");
            browser.get("/api/v1/audit?limit=5&cursor=a%26b");
            assertThat(neighbours.center).containsExactly(
                    new Neighbours.Called("POST", "/v1/endpoints/ep_abc:kick", "Bearer lwadmin_of_the_test",
                            "kim@127.0.0.1", "7", "{\"reason\":\"old\"}"),
                    new Neighbours.Called("GET", "/v1/audit?limit=5&cursor=a%26b", "Bearer lwadmin_of_the_test",
                            "kim@127.0.0.1", "null", ""));
            Answer gone = browser.get("/api/v1/messages/4040404040404?app=7");
            assertThat(gone.status()).as("center's answer as it is").isEqualTo(404);
            assertThat(gone.code()).isEqualTo("unknown_message");
        }
    }

    @Test
    void bansAndLiftsInThePersonsNameAndNotWithinAnApp() {
        try (Browser browser = browser()) {
            user(browser, "bea", Role.OPERATOR);
            browser.get("/api/v1/bans?app_id=7&cursor=12&limit=500");
            browser.post("/api/v1/bans", "{\"network\":\"192.0.2.0/24\",\"duration\":\"7d\",\"reason\":\"flood\"}");
            browser.delete("/api/v1/bans/9?app_id=7");
            assertThat(browser.delete("/api/v1/bans/nine?app_id=7").code()).isEqualTo("method_not_allowed");
            assertThat(browser.ask("POST", "/api/v1/bans", "{}", Map.of()).code()).as("from another site")
                    .isEqualTo("cross_site");
            assertThat(neighbours.center).extracting(Neighbours.Called::method, Neighbours.Called::uri,
                    Neighbours.Called::operator, Neighbours.Called::app, Neighbours.Called::body).containsExactly(
                            tuple("GET", "/v1/bans?app_id=7&cursor=12&limit=500", "bea@127.0.0.1", "null", ""),
                            tuple("POST", "/v1/bans", "bea@127.0.0.1", "null",
                                    "{\"network\":\"192.0.2.0/24\",\"duration\":\"7d\",\"reason\":\"flood\"}"),
                            tuple("DELETE", "/v1/bans/9?app_id=7", "bea@127.0.0.1", "null", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/schedules, not_found", "/api/v1/messages, not_found", "/api/v1/apps/7/../../x, not_found",
            "/api/v1/aliases/.., not_found", "/api/v1/messages/abc?app=x, invalid_argument",
            "/api/v1/audit?limit=1&limit=2, invalid_argument", "/../../etc/passwd, not_found",
            "/nothing.html, not_found"})
    void passesNothingElseOn(String path, String code) {
        try (Browser browser = browser()) {
            user(browser, "vera", Role.VIEWER);
            assertThat(browser.get(path).code()).isEqualTo(code);
            assertThat(neighbours.center).isEmpty();
        }
    }

    @Test
    void recordsADrainBeforeItAsksTheRoom() {
        try (Browser browser = browser()) {
            user(browser, "dora", Role.OPERATOR);
            String path = "/api/rooms/" + neighbours.room() + "/drain";
            assertThat(browser.post(path, "{\"within_seconds\":4000}").code()).isEqualTo("invalid_argument");
            assertThat(browser.post("/api/rooms/room-nowhere/drain", "{\"within_seconds\":4}").code())
                    .isEqualTo("not_found");
            Answer answer = browser.post(path, "{\"within_seconds\":4}");
            assertThat(answer.json().path("began_ms").asInt()).isEqualTo(7);
            assertThat(neighbours.drained).singleElement().matches(request -> request.getWithinMs() == 4000);
            assertThat(neighbours.audit).filteredOn(record -> record.getAction().equals("room.drain")).singleElement()
                    .matches(record -> record.getSubject().equals(neighbours.room())
                            && record.getActor().equals("admin/dora"));
        }
    }

    @Test
    void aRoomThatDrainsIsNotShownAsFailingAndIsNotDrainedAgain() {
        try (Browser browser = browser();
                Service room = Service.start("room", ConfigNode.of(Map.of("service", service())), root -> root,
                        (_, _) -> { // nothing but what every process has
                        }, HaltPoints.none())) {
            user(browser, "dirk", Role.OPERATOR);
            String instance = room.cluster().self().instance();
            String path = "/api/rooms/" + instance + "/drain";
            await().until(() -> member(browser, instance).path("health").asText().equals("ok"));
            assertThat(member(browser, instance).path("draining").asBoolean()).isFalse();

            assertThat(browser.post(path, "{\"within_seconds\":4}").status()).isEqualTo(200);

            JsonNode after = await().until(() -> member(browser, instance),
                    member -> !List.of("ok", "", "unreachable").contains(member.path("health").asText()));
            assertThat(after.path("health").asText()).isEqualTo("draining");
            assertThat(after.path("draining").asBoolean()).isTrue();
            await().until(() -> keeper.cluster().members("room").list().stream()
                    .anyMatch(one -> one.instance().equals(instance) && one.draining()));
            Answer again = browser.post(path, "{\"within_seconds\":4}");
            assertThat(again.code()).isEqualTo("conflict");
            assertThat(again.json().path("detail").asText())
                    .isEqualTo("room: " + instance + " (expected: one that does not drain yet)");
            assertThat(neighbours.audit).filteredOn(record -> record.getSubject().equals(instance)).hasSize(1);
        }
    }

    private static JsonNode member(Browser browser, String instance) {
        for (JsonNode member : browser.get("/api/cluster").json().path("members")) {
            if (member.path("instance").asText().equals(instance)) {
                return member;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void ownersManageUsersButNotThemselves() {
        try (Browser owner = browser(); Browser other = browser()) {
            user(owner, "owner-one", Role.OWNER);
            assertThat(owner.post("/api/users", newUser("new-one", "short")).code()).isEqualTo("invalid_argument");
            assertThat(owner.post("/api/users", newUser("New One", PASSWORD)).code()).isEqualTo("invalid_argument");
            assertThat(owner.post("/api/users", newUser("new-one", PASSWORD)).status()).isEqualTo(200);
            assertThat(other.signIn("new-one", PASSWORD).status()).isEqualTo(200);

            assertThat(owner.post("/api/users/new-one", "{\"role\":\"operator\"}").status()).isEqualTo(200);
            assertThat(other.get("/api/me").code()).as("another role ends the session").isEqualTo("session_ended");
            assertThat(other.signIn("new-one", PASSWORD).json().path("role").asText()).isEqualTo("operator");
            assertThat(owner.delete("/api/users/new-one").status()).isEqualTo(200);
            assertThat(other.get("/api/me").code()).as("and so does removal").isEqualTo("session_ended");
            assertThat(other.signIn("new-one", PASSWORD).status()).isEqualTo(401);
            assertThat(owner.delete("/api/users/owner-one").code()).isEqualTo("conflict");
            assertThat(neighbours.audit).extracting(AuditRecord::getAction).contains("console.user_add",
                    "console.user_change", "console.user_remove");
        }
    }

    @Test
    void changesOnesPasswordAndEndsTheOtherSessions() {
        try (Browser here = browser(); Browser there = browser()) {
            user(here, "petra", Role.VIEWER);
            there.signIn("petra", PASSWORD);
            assertThat(here.post("/api/password",
                    "{\"old\":\"not the right one\",\"password\":\"another long one\"}").code())
                    .isEqualTo("wrong_password");
            Answer changed = here.post("/api/password",
                    "{\"old\":\"" + PASSWORD + "\",\"password\":\"another long one\"}");
            assertThat(changed.status()).isEqualTo(200);
            assertThat(changed.header("Set-Cookie")).isNotEmpty();
            assertThat(there.get("/api/me").code()).isEqualTo("session_ended");
            assertThat(there.signIn("petra", PASSWORD).status()).isEqualTo(401);
            assertThat(there.signIn("petra", "another long one").status()).isEqualTo(200);
        }
    }

    @Test
    void showsWhatRunsAndHowItFares() {
        try (Browser browser = browser()) {
            user(browser, "luca", Role.VIEWER);
            var members = browser.get("/api/cluster").json().path("members");
            assertThat(members.findValuesAsText("part")).contains("keeper", "saver", "center", "room");
            members.forEach(member -> assertThat(member.path("version").asText()).isNotEmpty());
            assertThat(browser.get("/api/cluster/history").json().path("points")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app.css", "/js/main.mjs", "/pages/cluster.mjs", "/pages/bans.mjs", "/js/net.mjs",
            "/api/me", "/nowhere"})
    void everyAnswerForbidsWhatThePagesDoNotNeed(String path) {
        try (Browser browser = browser()) {
            Answer answer = browser.get(path);
            assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'")
                    .contains("script-src 'self'").contains("style-src 'self'").contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        }
    }

    @Test
    void givesAFileOnceAndThenTellsThatItIsTheSame() {
        try (Browser browser = browser()) {
            Answer first = browser.get("/app.css");
            assertThat(first.status()).isEqualTo(200);
            assertThat(browser.ask("GET", "/app.css", "", Map.of("If-None-Match", first.header("ETag"))).status())
                    .isEqualTo(304);
        }
    }

    @Test
    void refusesBodiesThatAreTooLargeOrNoJson() {
        try (Browser browser = browser()) {
            assertThat(browser.ask("POST", "/api/sign-in", "x".repeat(5_000), Map.of()).code())
                    .isEqualTo("too_large");
            assertThat(browser.ask("POST", "/api/sign-in", "{", Map.of()).code()).isEqualTo("invalid_argument");
            assertThat(browser.ask("POST", "/api/sign-in", "[]", Map.of()).code()).isEqualTo("invalid_argument");
            assertThat(browser.ask("POST", "/api/sign-in", "{\"name\":1}", Map.of()).code())
                    .isEqualTo("invalid_argument");
            assertThat(browser.ask("PUT", "/api/sign-in", "{}", Map.of()).code()).isEqualTo("method_not_allowed");
            user(browser, "sender", Role.VIEWER);
            assertThat(browser.post("/api/password", "x".repeat(300_000)).code()).isEqualTo("too_large");
        }
    }

    // The keeper's own routes, once more.
    private static List<Route> routes() {
        var sessions = new Sessions(client, users, Duration.ofHours(1), Clock.system());
        return Console.routes(keeper, ConsoleConfig.read(ConfigNode.of(Map.of("enabled", true))), users, sessions,
                new Guard(sessions, new SessionWatch(sessions, Clock.system()), Clock.system()));
    }

    private static String sample(Route route) {
        String path = route.path().pattern().replace("[0-9]{1,20}", "7").replace("ep_[0-9A-Za-z_-]{1,64}", "ep_x")
                .replace("[0-9A-Za-z]{1,32}", "x1").replace("(?!\\.{1,2}$)[^/]{1,512}", "alias")
                .replace("(/inbox|/history|/profile)?", "").replace("([A-Za-z0-9._:%-]{1,200})", "r1")
                .replace("([a-z0-9._-]{1,32})", "u1").replaceAll("\\(([a-z]+)[|a-z]*\\)", "$1");
        assertThat(route.path().matcher(path).matches()).as(route.path() + ": a path of it is not " + path).isTrue();
        return path;
    }

    private static Answer signIn(Browser browser, String name, String password, String from) {
        return browser.ask("POST", "/api/sign-in", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}",
                Map.of("X-Forwarded-For", from));
    }

    private static String newUser(String name, String password) {
        return "{\"name\":\"" + name + "\",\"role\":\"viewer\",\"password\":\"" + password + "\"}";
    }

    private static Browser browser() {
        return new Browser(keeper.cluster().self().attributes().getOrDefault(Console.ATTRIBUTE, ""));
    }

    /** A user of this name, signed in. */
    private static Answer user(Browser browser, String name, Role role) {
        users.add(new User(name, role, HASH, 1));
        Answer answer = browser.signIn(name, PASSWORD);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer;
    }

    private static Map<String, Object> service() {
        return Map.of("zookeeper", zookeeper.connectString(), "dataDir", data.toString(), "session", "5s", "drain",
                "0");
    }
}
