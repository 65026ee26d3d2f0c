package io.longwire.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.cli.LongwireCli;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.sdk.tink.TinkPayloadCipher;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The commands of a backend and of an operator, as they are typed, against the platform. */
class CommandsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Product product = SharedPlatform.get().app();
    private final Phones phones = new Phones("commands", new History());

    @AfterEach
    void close() {
        phones.close();
    }

    @Test
    void aMessageIsSentFollowedAndCancelled() {
        Phone here = online();
        String away = offline();

        assertThat(product("push", here.endpoint(), "hello", "--watch", "20")).contains("accepted",
                "acked by the phone");
        String id = json(product("push", away, "hello", "--ttl", "1h", "--traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "--json")).path("message_id").asText();
        assertThat(product("status", id, away)).contains("stored", "waiting: endpoint offline since",
                "trace 0af7651916cd43dd8448eb211c80319c");
        assertThat(product("cancel", id, away)).startsWith("cancelled: ");
        assertThat(run(product.apiKey(), "cancel", id, away).code()).isZero();
        assertThat(product("status", here.endpoint())).contains(here.endpoint() + " is online (active)");
    }

    @Test
    void aTextIsSealedForOneEndpoint() {
        Phone here = phones.add(product).payloadCipher(new TinkPayloadCipher());
        here.start();
        here.awaitOnline(LIMIT);

        assertThat(product("push", here.endpoint(), "sealed", "--seal", "--watch", "20")).contains("accepted",
                "acked by the phone");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(here.shownTexts()).containsExactly("sealed"));
        assertThat(run(product.apiKey(), "push", offline(), "sealed", "--seal").out()).contains("[no_payload_key]");
        assertThat(run(product.apiKey(), "push", "--alias", "user-1", "sealed", "--seal").out())
                .contains("--seal: to [] [user-1] (expected: to one endpoint)");
    }

    @Test
    void aMessageToManyTellsEachTarget() {
        String away = offline();
        product("endpoint", away, "--bind", "user-1", "--tag", "beta", "--set", "plan=gold");

        assertThat(product("endpoint", "user-1").strip()).isEqualTo(away);
        assertThat(product("endpoint", away)).contains("user-1", "beta", "{plan=gold}");
        Ran partly = run(product.apiKey(), "push", "--alias", "user-1", "--to", "ep_00000000000000000000", "hello");
        assertThat(partly.code()).as("exit code: one target was refused").isEqualTo(1);
        assertThat(partly.out()).contains("partial ", "TARGET", "user-1", "unknown_endpoint");
        String id = json(product("push", "--alias", "user-1", "hello", "--json")).path("message_id").asText();
        assertThat(product("status", id)).contains("1 targets, 1 waiting");
        assertThat(product("revoke", id)).contains("1 taken back before they were delivered");
    }

    @Test
    void sessionsAreEndedAndKeptOut() {
        Phone here = online();
        String away = offline();
        product("endpoint", here.endpoint(), "--bind", "user-9");

        assertThat(product("kick", here.endpoint(), "--reason", "drill", "--retry-after", "10m"))
                .startsWith(here.endpoint() + "  kicked");
        Ran nothing = run(product.apiKey(), "kick", away);
        assertThat(nothing.code()).as("exit code: nothing was kicked").isEqualTo(1);
        assertThat(nothing.out()).contains(away + "  offline");
        assertThat(run(product.apiKey(), "kick", "user-9").out()).startsWith(here.endpoint() + "  ");
        String id = json(product("ban", "add", away, "--for", "7d", "--reason", "spam", "--json")).path("id").asText();
        assertThat(product("ban", "list")).contains(id, away, "spam");
        assertThat(product("ban", "lift", id)).startsWith("lifted ban " + id);
        assertThat(operator("ban", "add", "127.0.0.99", "--network", "--for", "1s")).contains("of 127.0.0.99/32");
    }

    @Test
    void aScheduleIsMadePausedResumedAndDeleted() {
        Phone here = online();
        String id = json(product("schedule", "create", "--cron", "0 8 * * 1-5", "--zone", "Asia/Shanghai", "--label",
                "morning", here.endpoint(), "good morning", "--json")).path("schedule_id").asText();

        assertThat(product("schedule", "list")).contains(id, "active", "0 8 * * 1-5", "morning");
        assertThat(product("schedule", "pause", id)).startsWith(id + " is paused");
        assertThat(product("schedule", "resume", id)).startsWith(id + " is active");
        assertThat(product("schedule", "delete", id)).startsWith(id + " is deleted");
        assertThat(product("push", here.endpoint(), "later", "--not-before", "10m")).startsWith("scheduled ");
        assertThat(product("push", here.endpoint(), "never", "--dry-run")).startsWith("dry_run");
    }

    @Test
    void receiptsAreFollowedAndDeadLettersListed() {
        operator("app", "update", Integer.toString(product.appId()), "--receipts", "true");
        Phone here = online();
        await().atMost(LIMIT).until(() -> run(product.apiKey(), "receipts", "--once").code() == 0);

        String id = json(product("push", here.endpoint(), "hello", "--json")).path("message_id").asText();

        await().atMost(LIMIT).untilAsserted(() -> assertThat(product("receipts", "--once")).contains(id, "delivered"));
        assertThat(product("dead-letters", "list").strip()).isEqualTo("none");
    }

    @Test
    void appsAndKeysAreMadeChangedAndWrittenDown() {
        JsonNode made = json(operator("app", "create", "made-by-command", "--sends-per-second", "50", "--json"));
        String app = made.at("/app/app_id").asText();

        assertThat(made.at("/key/secret").asText()).startsWith("lw_");
        assertThat(operator("app", "update", app, "--fan-out", "7", "--json")).contains("\"fan_out\":7");
        assertThat(operator("app", "list")).contains("made-by-command");
        String key = json(operator("key", "create", app, "--scope", "read", "--expires-in", "1d", "--json"))
                .path("key_id")
                .asText();
        assertThat(operator("key", "list", app)).contains(key, "read", "live");
        assertThat(run(product.adminKey(), "key", "create", app).code()).as("a third live key").isEqualTo(1);
        assertThat(operator("key", "revoke", app, key)).contains("revoked");
        assertThat(operator("audit-log", "--app", app)).contains("ACTION", key);
    }

    @Test
    void aCallbackIsPutListedAndDeleted() throws Exception {
        Path secret = Files.writeString(Files.createTempFile("secret", ".txt"), "0123456789abcdef\n");
        assertThat(product("callback", "put", "order", "https://backend.example/e", "--secret-file", secret.toString(),
                "--request-timeout", "2s")).startsWith("order goes to https://backend.example/e, signed with 9f9f5111");
        assertThat(product("callback", "put", "order", "https://backend.example/f", "--batch", "5", "--json"))
                .contains("\"secret_ids\":[\"9f9f5111\"]", "\"batch\":5");
        assertThat(product("callback", "list")).contains("TYPE", "order", "https://backend.example/f");
        assertThat(run(product.apiKey(), "callback", "put", "chat", "ftp://backend.example").out())
                .startsWith("longwire: url: ftp://backend.example (expected: https://");
        assertThat(product("callback", "delete", "order")).startsWith("order goes nowhere");
        assertThat(run(product.apiKey(), "callback", "delete", "order").out()).contains("[unknown_callback]");
    }

    @Test
    void theBooksOfTheAppAreRight() {
        product("push", offline(), "hello");

        Ran audit = run(product.adminKey(), "audit", "--app", Integer.toString(product.appId()));

        assertThat(audit.out()).contains("accepted", "live", "The books are right.");
        assertThat(audit.code()).isZero();
    }

    @Test
    void aRefusalIsOneSentence() {
        Ran refused = run(product.apiKey(), "push", "ep_00000000000000000000", "hello");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out())
                .isEqualTo("longwire: to.endpoint: ep_00000000000000000000 (expected: an endpoint of this"
                        + " app) [unknown_endpoint]\n");
        assertThat(run(product.apiKey(), "app", "list").out()).contains("[forbidden]");
    }

    private Phone online() {
        Phone phone = phones.add(product);
        phone.start();
        return phone.awaitOnline(LIMIT);
    }

    private String offline() {
        Phone phone = online();
        String endpoint = phone.endpoint();
        phone.stop();
        try (var rest = product.backend()) {
            rest.post("/v1/endpoints/" + endpoint + ":kick", "{}").ok();
        }
        await().atMost(LIMIT).until(() -> product("status", endpoint).contains("is offline"));
        return endpoint;
    }

    private String product(String... args) {
        return done(run(product.apiKey(), args), args);
    }

    private String operator(String... args) {
        return done(run(product.adminKey(), args), args);
    }

    private static String done(Ran ran, String... args) {
        assertThat(ran.code()).as("exit code of %s, which printed: %s", List.of(args), ran.out()).isZero();
        return ran.out();
    }

    private Ran run(String key, String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--api", product.api(), "--key", key));
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        return new Ran(LongwireCli.run(writer, writer, all.toArray(String[]::new)), out.toString());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (java.io.IOException broken) {
            throw new AssertionError("JSON: " + text, broken);
        }
    }

    /** A command that ended: its exit code and all it printed. */
    private record Ran(int code, String out) {
    }
}
