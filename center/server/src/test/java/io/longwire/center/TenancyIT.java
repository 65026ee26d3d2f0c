package io.longwire.center;

import com.google.protobuf.ByteString;
import io.longwire.center.access.KeyText;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Timeline;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A product sees only what is its own: each call, with the key of another app. */
class TenancyIT {
    private static final ApiFixture API = new ApiFixture();
    private static final String MINE = ApiFixture.ENDPOINT;
    private static final long ENDPOINT_ID = 4711;
    private static final long DEAD = MessageId.of(MessageId.EPOCH_MS + 1_000_000, 1, 1);
    private static final String OTHER = KeyText.random(new SecureRandom());

    @BeforeEach
    void startAnew() {
        API.reset();
        API.parts.app(4, ApiFixture.QUOTA);
        API.parts.receipts(3);
        API.parts.receipts(4);
        API.parts.key(OTHER, KeyRecord.newBuilder().setAppId(4).build());
        API.archive.endpoint(3, ENDPOINT_ID);
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).setAppId(3).build();
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.WAITING).setMessageId(DEAD).build();
        API.archive.receipts.put(3, List.of(receipt(ReceiptKind.DELIVERED), receipt(ReceiptKind.SHOWN),
                receipt(ReceiptKind.RECEIPT_EXPIRED)));
        API.archive.dead.put(3, List.of(DeadLetter.newBuilder().setEndpointId(ENDPOINT_ID).setMessageId(DEAD)
                .setDeadMs(2_000_000).setExpireAtMs(2_000_000 + 7_200_000).setAttempts(10).setCode(1)
                .setEnvelope(Push.newBuilder().setPayload(ByteString.copyFromUtf8("dead")).build().toByteString())
                .build()));
    }

    @AfterAll
    static void stop() {
        API.close();
    }

    @Test
    void hidesEndpointsFromOtherApps() {
        hidden("GET", "/v1/endpoints/" + MINE, null);
        hidden("GET", "/v1/endpoints/" + MINE + "/profile", null);
        hidden("POST", "/v1/endpoints/" + MINE + "/profile", "{\"add_tags\":[\"x\"]}");
        hidden("POST", "/v1/endpoints/" + MINE + ":kick", "{}");
        hidden("GET", "/v1/endpoints/" + MINE + "/inbox", null);
        hidden("GET", "/v1/endpoints/" + MINE + "/history", null);
        hidden("DELETE", "/v1/endpoints/" + MINE, null);
        assertThat(others("POST", "/v1/endpoints:status", "{\"endpoints\":[\"" + MINE + "\"]}").body())
                .contains("\"state\":\"invalid\"");
        assertThat(API.parts.events).doesNotContain("kick 12 0");
        assertThat(mine("GET", "/v1/endpoints/" + MINE, null).statusCode()).isEqualTo(200);
    }

    @Test
    void hidesMessagesFromOtherApps() {
        String message = MessageId.text(DEAD);
        hidden("POST", "/v1/messages", "{\"to\":{\"endpoint\":\"" + MINE + "\"},\"payload\":\"aGk=\"}");
        hidden("GET", "/v1/messages/" + message + "/endpoints/" + MINE, null);
        hidden("DELETE", "/v1/messages/" + message + "/endpoints/" + MINE, null);
        hidden("POST", "/v1/messages/" + message + ":revoke", "{\"endpoint\":\"" + MINE + "\"}");
        hidden("GET", "/v1/messages/" + message + "?endpoint=" + MINE, null);
        assertThat(others("POST", "/v1/messages", "{\"to\":{\"endpoints\":[\"" + MINE
                + "\"]},\"payload\":\"aGk=\"}").body()).contains("\"accepted\":0", "unknown_endpoint");
        assertThat(API.parts.events).doesNotContain("append", "cancel", "lookup");
    }

    @Test
    void keepsAliasesApart() {
        assertThat(mine("POST", "/v1/endpoints/" + MINE + "/profile",
                "{\"bind_aliases\":[\"anna\"],\"add_tags\":[\"beta\"],\"set_attributes\":{\"city\":\"Oslo\"}}").body())
                .contains("\"aliases\":[\"anna\"]", "\"tags\":[\"beta\"]", "Oslo");

        assertThat(mine("GET", "/v1/aliases/anna", null).body()).contains(MINE);
        assertThat(others("GET", "/v1/aliases/anna", null).body()).doesNotContain("ep_");
    }

    @Test
    void hidesSchedulesFromOtherApps() {
        var made = mine("POST", "/v1/schedules", "{\"message\":{\"to\":{\"endpoint\":\"" + MINE
                + "\"},\"payload\":\"aGk=\"},\"cron\":\"0 9 * * *\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(API.parts.appended).isEmpty();
        String path = "/v1/schedules/" + field(made, "schedule_id");

        assertThat(others("GET", "/v1/schedules", null).body()).doesNotContain("schedule_id");
        hidden("GET", path, null);
        hidden("POST", path + ":pause", "{}");
        hidden("POST", path + ":resume", "{}");
        hidden("DELETE", path, null);
        assertThat(mine("GET", path, null).body()).contains("\"state\":\"active\"");
        hidden("POST", "/v1/schedules", "{\"message\":{\"to\":{\"endpoint\":\"" + MINE
                + "\"},\"payload\":\"aGk=\"},\"cron\":\"0 9 * * *\"}");
    }

    @Test
    void hidesReceiptsFromOtherApps() {
        var first = mine("GET", "/v1/receipts?limit=2", null);
        assertThat(first.body()).contains("\"kind\":\"delivered\"", "\"kind\":\"shown\"", "\"more\":true", MINE);
        var rest = mine("GET", "/v1/receipts?limit=2&cursor=" + field(first, "cursor"), null);
        assertThat(rest.body()).contains("\"kind\":\"expired\"", "\"more\":false").doesNotContain("shown");
        var end = mine("GET", "/v1/receipts?cursor=" + field(rest, "cursor"), null);
        assertThat(field(end, "cursor")).isEqualTo(field(rest, "cursor"));

        assertThat(others("GET", "/v1/receipts", null).body()).contains("\"receipts\":[]");
        assertThat(others("GET", "/v1/receipts?cursor=" + field(first, "cursor"), null).body())
                .contains("\"receipts\":[]");
        assertThat(mine("GET", "/v1/receipts?cursor=%25%25", null).body())
                .contains("cursor: %% (expected: the cursor of an earlier answer, or none)");
    }

    @Test
    void hidesDeadLettersFromOtherAppsAndResendsTheOwnOnce() {
        String path = "/v1/dead-letters/" + MessageId.text(DEAD) + "/endpoints/" + MINE + ":resend";
        assertThat(others("GET", "/v1/dead-letters", null).body()).doesNotContain("ep_");
        hidden("GET", "/v1/dead-letters?endpoint=" + MINE, null);
        hidden("POST", path, "{}");
        assertThat(API.parts.appended).isEmpty();

        assertThat(mine("GET", "/v1/dead-letters?endpoint=" + MINE, null).body())
                .contains("10 deliveries without an ack (expected: one within 10)");
        var resent = mine("POST", path, "{}");
        assertThat(resent.body()).contains("\"status\":\"accepted\"", "\"duplicate\":false");
        var item = API.parts.appended.getFirst();
        assertThat(item.getExpireAtMs() - MessageId.timeMs(item.getMessageId())).isEqualTo(7_200_000);
        var again = mine("POST", path, "{}");
        assertThat(again.body()).contains("\"duplicate\":true",
                "\"message_id\":\"" + field(resent, "message_id") + "\"");
        assertThat(API.parts.appended).hasSize(1);
        assertThat(mine("GET", "/v1/dead-letters", null).body())
                .contains("\"resent_as\":\"" + field(resent, "message_id") + "\"");
    }

    @Test
    void answersEachAppForItselfAlone() {
        assertThat(others("GET", "/v1/usage?app_id=3", null).body()).contains("\"code\":\"forbidden\"",
                "app_id: 3 (expected: 4, the key's own)");
        assertThat(others("GET", "/v1/conservation?app_id=3", null).body()).contains("\"code\":\"forbidden\"");
        assertThat(API.archive.scans).isEmpty();

        assertThat(others("GET", "/v1/usage", null).body()).contains("\"app_id\":4", "\"stored_messages\":7");
        others("GET", "/v1/conservation", null);
        assertThat(API.archive.scans).singleElement().matches(scan -> scan.getAppId() == 4);
    }

    @Test
    void keepsTheOperatorsCallsFromProducts() {
        for (String path : List.of("/v1/apps", "/v1/apps/4", "/v1/apps/4/keys", "/v1/audit")) {
            assertThat(others("GET", path, null).body()).as(path).contains("\"code\":\"forbidden\"");
        }
        for (String path : List.of("/v1/apps", "/v1/apps/4:update", "/v1/apps/4/keys")) {
            assertThat(others("POST", path, "{}").body()).as(path).contains("\"code\":\"forbidden\"");
        }
        assertThat(others("DELETE", "/v1/apps/4/keys/00", null).body()).contains("\"code\":\"forbidden\"");
        assertThat(API.archive.audited()).isEmpty();
    }

    @Test
    void saysWhatIsLeftOfTheQuotaInEveryAnswer() {
        for (String path : List.of("/v1/usage", "/v1/endpoints/" + MINE, "/v1/schedules", "/v1/endpoints/ep_x")) {
            var answer = mine("GET", path, null);
            assertThat(answer.headers().firstValue("ratelimit-limit")).as(path).hasValue("" + ApiFixture.QUOTA);
            assertThat(answer.headers().firstValue("ratelimit-remaining")).isPresent();
            assertThat(answer.headers().firstValue("ratelimit-reset")).isPresent();
            assertThat(answer.headers().firstValue("ratelimit-policy")).hasValue(ApiFixture.QUOTA + ";w=1");
        }
    }

    @Test
    void holdsAKeyToItsScopes() {
        String reader = KeyText.random(new SecureRandom());
        API.parts.key(reader, KeyRecord.newBuilder().setAppId(3).addScopes("read").build());

        assertThat(API.call("GET", "/v1/schedules", null, reader).statusCode()).isEqualTo(200);
        for (String path : List.of("/v1/schedules", "/v1/endpoints/" + MINE + "/profile",
                "/v1/dead-letters/" + MessageId.text(DEAD) + "/endpoints/" + MINE + ":resend")) {
            assertThat(API.call("POST", path, "{}", reader).body()).as(path).contains("\"code\":\"forbidden\"");
        }
    }

    private static void hidden(String method, String path, @Nullable String body) {
        var answer = others(method, path, body);
        assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isIn(404, 403);
        assertThat(answer.body()).containsPattern("\"code\":\"(unknown_\\w+|forbidden)\"");
    }

    private static HttpResponse<String> mine(String method, String path,
            @Nullable String body) {
        return API.call(method, path, body, API.key);
    }

    private static HttpResponse<String> others(String method, String path,
            @Nullable String body) {
        return API.call(method, path, body, OTHER);
    }

    private static Receipt receipt(ReceiptKind kind) {
        return Receipt.newBuilder().setKind(kind).setEndpointId(ENDPOINT_ID).setMessageId(DEAD).setAtMs(1).build();
    }

    private static String field(HttpResponse<String> answer, String name) {
        var found = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(answer.body());
        assertThat(found.find()).as(answer.body()).isTrue();
        return found.group(1);
    }
}
