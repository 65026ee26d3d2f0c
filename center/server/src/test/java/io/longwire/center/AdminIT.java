package io.longwire.center;

import io.longwire.center.fakes.FakeService;
import io.longwire.rpc.saver.AuditRecord;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The operator's calls over HTTP. */
class AdminIT {
    private static final ApiFixture API = new ApiFixture();

    @BeforeEach
    void startAnew() {
        API.reset();
    }

    @AfterAll
    static void stop() {
        API.close();
    }

    @Test
    void makesAnAppWithItsSettings() {
        var made = admin("POST", "/v1/apps", "{\"name\":\"chat\",\"settings\":{\"sends_per_second\":50,"
                + "\"overflow\":\"reject_new\",\"max_ttl\":\"48h\",\"stored_messages\":\"1000\",\"fan_out\":20,"
                + "\"receipts\":true}}");

        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(made.body()).contains("\"sends_per_second\":50", "\"overflow\":\"reject_new\"", "\"max_ttl\":\"2d\"",
                "\"stored_messages\":1000", "\"fan_out\":20", "\"receipts\":true", "\"inbox_messages\":200",
                "\"inbox_bytes\":262144");
    }

    @Test
    void changesWhatIsNamedAndNothingElse() {
        var updated = admin("POST", "/v1/apps/3:update", "{\"settings\":{\"fan_out\":7,\"receipts\":true}}");

        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(updated.body()).contains("\"fan_out\":7", "\"receipts\":true",
                "\"sends_per_second\":" + ApiFixture.QUOTA);
        assertThat(admin("GET", "/v1/apps/3", null).body()).contains("\"fan_out\":7");
        problem(admin("POST", "/v1/apps/99:update", "{\"settings\":{\"fan_out\":7}}"), 404, "unknown_app",
                "app_id: 99 (expected: an app)");
    }

    @Test
    void tellsWhichSettingIsWrong() {
        setting("\"fan_out\":1001", "fan_out: 1001 (expected: 1 to 1000)");
        setting("\"fan_out\":0", "fan_out: 0 (expected: 1 to 1000)");
        setting("\"inbox_messages\":201", "inbox_messages: 201 (expected: 1 to 200)");
        setting("\"inbox_bytes\":100", "inbox_bytes: 100 (expected: 8192 to 262144)");
        setting("\"inbox_bytes\":262145", "inbox_bytes: 262145 (expected: 8192 to 262144)");
        setting("\"overflow\":\"drop_all\"", "overflow: drop_all (expected: drop_oldest, reject_new or collapse)");
        setting("\"max_ttl\":\"31d\"", "max_ttl: 31d (expected: 1s to 30d in whole seconds, such as 7d)");
        setting("\"sends_per_second\":0", "sends_per_second: 0 (expected: 1 to 1000000)");
        setting("", "settings: none (expected: at least one)");
        assertThat(API.archive.audited()).isEmpty();
    }

    @Test
    void keepsTwoLiveKeysAndNoMore() {
        var first = admin("POST", "/v1/apps/3/keys", "{\"label\":\"new\",\"scopes\":[\"read\"],\"expires_in\":\"90d\","
                + "\"networks\":[\"127.0.0.0/8\"]}");
        assertThat(first.statusCode()).isEqualTo(200);
        String key = field(first, "key");
        String id = field(first, "key_id");
        assertThat(API.call("GET", "/v1/usage", null, key).statusCode()).isEqualTo(200);

        problem(admin("POST", "/v1/apps/3/keys", "{}"), 409, "limit_reached",
                "keys: 2 live (expected: fewer than 2; revoke one first)");

        var listed = admin("GET", "/v1/apps/3/keys", null);
        assertThat(listed.body()).contains("\"key_id\":\"" + id + "\"", "\"label\":\"new\"", "127.0.0.0/8")
                .doesNotContain(key);
        var revoked = admin("DELETE", "/v1/apps/3/keys/" + id, null);
        assertThat(revoked.body()).contains("\"revoked\":true");
        problem(API.call("GET", "/v1/usage", null, key), 401, "unauthenticated",
                "key: revoked (expected: a live API key)");
        assertThat(admin("POST", "/v1/apps/3/keys", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsWhatIsWrongWithAKey() {
        problem(admin("POST", "/v1/apps/3/keys", "{\"networks\":[\"10.0.0.0/64\"]}"), 400, "invalid_argument",
                "networks: 10.0.0.0/64 (expected: addresses or ranges such as 10.0.0.0/8, 2001:db8::/32, 192.0.2.7)");
        problem(admin("POST", "/v1/apps/3/keys", "{\"scopes\":[\"root\"]}"), 400, "invalid_argument",
                "scopes: root (expected: send, read, kick, manage or receive)");
        problem(admin("DELETE", "/v1/apps/3/keys/0123456789abcdef", null), 404, "unknown_key",
                "key_id: 0123456789abcdef (expected: the id of a key of app 3)");
        problem(admin("POST", "/v1/apps/99/keys", "{}"), 404, "unknown_app", null);
    }

    @Test
    void takesAKeyFromItsNetworksAlone() {
        String key = field(admin("POST", "/v1/apps/3/keys", "{\"networks\":[\"192.0.2.0/24\"]}"), "key");

        problem(API.call("GET", "/v1/usage", null, key), 403, "forbidden",
                "address: 127.0.0.1 (expected: one of the key's networks)");
        // The header is believed from the fixture's balancer, 127.0.0.2, alone.
        problem(API.forwarded("/v1/usage", key, "192.0.2.7"), 403, "forbidden", null);
    }

    @Test
    void recordsEachChangeBeforeItIsMade() {
        admin("POST", "/v1/apps", "{\"name\":\"chat\"}");
        admin("POST", "/v1/apps/3:update", "{\"settings\":{\"fan_out\":7}}");
        var made = admin("POST", "/v1/apps/3/keys", "{\"label\":\"ci\"}");
        admin("DELETE", "/v1/apps/3/keys/" + field(made, "key_id"), null);

        assertThat(API.archive.audited()).extracting(AuditRecord::getAction).containsExactly("app.create",
                "app.created",
                "app.update", "key.create", "key.revoke");
        assertThat(API.archive.audited()).allMatch(record -> record.getActor().equals("admin")
                && record.getAddress().equals("127.0.0.1"));
        assertThat(API.archive.audited().toString()).doesNotContain(field(made, "key").substring(3));
        var shown = admin("GET", "/v1/audit?app_id=3&limit=2", null);
        assertThat(shown.body()).contains("\"action\":\"key.revoke\"", "\"action\":\"key.create\"", "label ci")
                .doesNotContain("app.update");
        assertThat(admin("GET", "/v1/audit?app_id=3&limit=2&cursor=" + field(shown, "cursor"), null).body())
                .contains("\"action\":\"app.update\"", "fan_out: 7").doesNotContain("key.create");
    }

    @Test
    void makesNoChangeThatItCannotRecord() {
        API.archive.auditAway = true;

        problem(admin("POST", "/v1/apps/3:update", "{\"settings\":{\"fan_out\":7}}"), 503, "unavailable", null);
        problem(admin("POST", "/v1/apps/3/keys", "{}"), 503, "unavailable", null);

        API.archive.auditAway = false;
        assertThat(admin("GET", "/v1/apps/3", null).body()).contains("\"fan_out\":1000");
        assertThat(API.service.metrics.count(CenterMetric.AUDIT_FAILED)).isEqualTo(2);
        assertThat(admin("POST", "/v1/apps/3/keys", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void recordsAChangeThatFailed() {
        API.parts.updatesFail = true;

        problem(admin("POST", "/v1/apps/3:update", "{\"settings\":{\"fan_out\":7}}"), 503, "unavailable", null);

        assertThat(API.archive.audited()).extracting(AuditRecord::getAction).containsExactly("app.update",
                "app.update.failed");
    }

    @Test
    void answersTheBooksOfAnyApp() {
        assertThat(admin("GET", "/v1/conservation", null).body()).contains("\"rows\":5", "\"acked\":3", "\"gap\":0");
        admin("GET", "/v1/conservation?app_id=9", null);

        assertThat(API.archive.scans).extracting(scan -> scan.getAppId()).containsExactly(0, 9);
        problem(admin("GET", "/v1/conservation?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z", null), 400,
                "invalid_argument", "from: 2026-01-01T00:00:00Z (expected: before to, by at most 24 h)");
        problem(admin("GET", "/v1/conservation?to=2999-01-01T00:00:00Z", null), 400, "invalid_argument",
                "to: 2999-01-01T00:00:00Z (expected: a time that has passed)");
        problem(admin("GET", "/v1/conservation?from=yesterday", null), 400, "invalid_argument",
                "from: yesterday (expected: a time such as 2027-01-31T09:30:00Z)");
    }

    private static void setting(String settings, String detail) {
        problem(admin("POST", "/v1/apps/3:update", "{\"settings\":{" + settings + "}}"), 400, "invalid_argument",
                detail);
    }

    private static HttpResponse<String> admin(String method, String path, @Nullable String body) {
        return API.call(method, path, body, FakeService.ADMIN_KEY);
    }

    private static String field(HttpResponse<String> answer, String name) {
        var found = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(answer.body());
        assertThat(found.find()).as(answer.body()).isTrue();
        return found.group(1);
    }

    private static void problem(HttpResponse<String> answer, int status, String code,
            @Nullable String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        if (detail != null) {
            assertThat(answer.body()).contains("\"detail\":\"" + detail + "\"");
        }
    }
}
