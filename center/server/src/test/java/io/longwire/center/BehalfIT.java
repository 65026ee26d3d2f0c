package io.longwire.center;

import io.longwire.center.fakes.FakeService;
import io.longwire.rpc.saver.AuditRecord;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** The operator's key within an app, in a person's name: what keeper's console calls with. */
class BehalfIT {
    private static final ApiFixture API = new ApiFixture();
    private static final String KICK = "/v1/endpoints/" + ApiFixture.ENDPOINT + ":kick";
    private static final String OLGA = "olga@203.0.113.9";

    @BeforeEach
    void startAnew() {
        API.reset();
    }

    @AfterAll
    static void stop() {
        API.close();
    }

    @Test
    void looksIntoAnAppWithoutARecord() {
        var letters = operator("GET", "/v1/dead-letters", OLGA, "3");

        assertThat(letters.statusCode()).as(letters.body()).isEqualTo(200);
        assertThat(API.archive.audited()).isEmpty();
    }

    @Test
    void recordsWhatItChangesInTheAppUnderThePersonsName() {
        assertThat(operator("POST", KICK, OLGA, "3").statusCode()).isEqualTo(200);

        assertThat(API.archive.audited()).extracting(AuditRecord::getAction, AuditRecord::getActor,
                AuditRecord::getAddress, AuditRecord::getAppId, AuditRecord::getSubject)
                .containsExactly(tuple("app.call", "admin/olga", "203.0.113.9", 3, "POST " + KICK));
    }

    @Test
    void doesNotDoWhatCannotBeRecorded() {
        API.archive.auditAway = true;

        assertThat(operator("POST", KICK, OLGA, "3").statusCode()).isEqualTo(503);
        API.archive.auditAway = false;
    }

    @Test
    void namesThePersonInTheOperatorsOwnCalls() {
        operator("DELETE", "/v1/apps/3/keys/0123456789abcdef", OLGA, "");
        API.call("POST", "/v1/apps/3:update", "{\"settings\":{\"fan_out\":7}}", FakeService.ADMIN_KEY);

        assertThat(API.archive.audited()).extracting(AuditRecord::getActor, AuditRecord::getAddress)
                .contains(tuple("admin", "127.0.0.1"));
    }

    @Test
    void bansAndLiftsUnderThePersonsName() {
        API.call("POST", "/v1/bans", "{\"network\":\"192.0.2.0/24\",\"reason\":\"flood\"}", FakeService.ADMIN_KEY);

        assertThat(operator("GET", "/v1/bans?app_id=0", OLGA, "").body()).contains("192.0.2.0/24", "flood");
        assertThat(operator("GET", "/v1/bans?app_id=3", OLGA, "").body()).doesNotContain("192.0.2.0/24");
        assertThat(operator("DELETE", "/v1/bans/1?app_id=3", OLGA, "").statusCode()).as("of an app").isEqualTo(404);
        assertThat(operator("DELETE", "/v1/bans/1?app_id=0", OLGA, "").body()).contains("\"state\":\"lifted\"");

        assertThat(API.archive.audited()).extracting(AuditRecord::getAction, AuditRecord::getActor)
                .contains(tuple("ban.create", "admin"), tuple("ban.lift", "admin/olga"));
    }

    @Test
    void believesTheHeadersOfTheOperatorsKeyAlone() {
        var other = API.behalf("GET", "/v1/usage", API.key, OLGA, "9");

        assertThat(other.body()).as("a product's key stays in its app").contains("\"app_id\":3");
        assertThat(API.behalf("POST", KICK, API.key, OLGA, "9").statusCode()).isEqualTo(200);
        assertThat(API.archive.audited()).as("a product's own kick").isEmpty();
    }

    @Test
    void refusesWhatIsNoPersonOrNoApp() {
        assertThat(operator("GET", "/v1/apps", "Olga of Accounting", "").body()).contains("Longwire-Operator");
        assertThat(operator("POST", KICK, OLGA, "x").body())
                .contains("\"detail\":\"Longwire-App: x (expected: the number of an app)\"");
        assertThat(operator("POST", KICK, OLGA, "0").statusCode()).isEqualTo(400);
        assertThat(API.call("POST", KICK, "{}", FakeService.ADMIN_KEY).statusCode()).as("no app named").isEqualTo(403);
        assertThat(API.archive.audited()).isEmpty();
    }

    private static HttpResponse<String> operator(String method, String path, String person, String app) {
        return API.behalf(method, path, FakeService.ADMIN_KEY, person, app);
    }
}
