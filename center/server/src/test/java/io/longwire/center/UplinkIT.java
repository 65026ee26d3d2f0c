package io.longwire.center;

import com.google.protobuf.ByteString;
import io.longwire.center.fakes.FakeService;
import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.AppReply;
import io.longwire.rpc.coordinator.FinishRequest;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.coordinator.Requeue;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.KeyRecord;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Polls and callbacks over the port, with made coordinators behind it. */
class UplinkIT {
    private final ApiFixture api = new ApiFixture();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aPollAndAFinishGoToTheCoordinatorsForTheKeysApp() {
        HttpResponse<String> polled = api.post("/v1/apps/3/channels/order/billing/poll",
                "{\"limit\":5,\"wait_ms\":20000,\"in_flight_ms\":30000}");
        assertThat(polled.statusCode()).as(polled.body()).isEqualTo(200);
        assertThat(polled.body()).startsWith("{\"events\":[{\"event_id\":\"7-1-0\",\"type\":\"order\",\"app_id\":3");
        assertThat(api.outlets.polls).containsExactly(AppPoll.newBuilder().setAppId(3).setPoll(PollRequest.newBuilder()
                .setType("order").setChannel("billing").setLimit(5).setWaitMs(20_000).setInFlightMs(30_000)).build());

        HttpResponse<String> finished = api.post("/v1/apps/0/channels/$presence/billing/finish",
                "{\"fin\":[\"7-1-0\"],\"req\":[{\"event_id\":\"7-2-0\",\"delay_ms\":500}]}");
        assertThat(finished.statusCode()).as(finished.body()).isEqualTo(200);
        assertThat(finished.body()).isEqualTo("{\"problems\":[]}");
        assertThat(api.outlets.finishes).containsExactly(AppFinish.newBuilder().setAppId(3).setFinish(
                FinishRequest.newBuilder().setType("$presence").setChannel("billing").addFin("7-1-0")
                        .addReq(Requeue.newBuilder().setEventId("7-2-0").setDelayMs(500)))
                .build());
    }

    @Test
    void aReplyGoesToTheCoordinatorsForTheKeysApp() {
        HttpResponse<String> told = api.post("/v1/replies", "{\"reply_to\":\"AQ\",\"body\":\"eWVz\"}");
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        assertThat(told.body()).isEqualTo("{\"state\":\"gone\"}");
        HttpResponse<String> refused = api.post("/v1/replies", "{\"reply_to\":\"AQ\",\"refuse\":\"sold out\"}");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(200);

        assertThat(api.outlets.replies).containsExactly(
                AppReply.newBuilder().setAppId(3).setReply(ReplyRequest.newBuilder().setReplyTo("AQ")
                        .setBody(ByteString.copyFromUtf8("yes"))).build(),
                AppReply.newBuilder().setAppId(3).setReply(ReplyRequest.newBuilder().setReplyTo("AQ")
                        .setRefuse("sold out")).build());
    }

    @Test
    void whatTheOperatorSaysInAnAppsNameIsInTheAuditLog() {
        String admin = FakeService.ADMIN_KEY;
        assertThat(api.call("POST", "/v1/replies", "{\"app_id\":3,\"reply_to\":\"AQ\",\"body\":\"eWVz\"}", admin)
                .statusCode()).isEqualTo(200);
        assertThat(api.call("POST", "/v1/apps/3/channels/order/billing/finish", "{\"fin\":[\"7-1-0\"]}", admin)
                .statusCode()).isEqualTo(200);
        assertThat(api.archive.audited()).extracting(AuditRecord::getAction).containsExactly("event.reply",
                "event.finish");
        assertThat(api.archive.audited()).allMatch(record -> record.getAppId() == 3);
        api.archive.auditAway = true;
        assertThat(api.call("POST", "/v1/replies", "{\"app_id\":3,\"reply_to\":\"AQ\",\"body\":\"eWVz\"}", admin)
                .statusCode()).isEqualTo(503);
        assertThat(api.outlets.replies).as("what cannot be recorded does not happen").hasSize(1);
    }

    @Test
    void aCallbackIsPutShownWithoutItsSecretAndDeleted() {
        HttpResponse<String> put = api.post("/v1/apps/3/callbacks/order", "{\"url\":\"https://b.example/e\","
                + "\"secrets\":[\"0123456789abcdef\"],\"timeout\":\"2500ms\",\"batch\":10}");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        assertThat(put.body()).contains("\"url\":\"https://b.example/e\"", "\"secret_ids\":[\"9f86d081\"]",
                "\"timeout\":\"2500ms\"", "\"batch\":10", "\"waiting\":2").doesNotContain("0123456789abcdef");

        assertThat(api.get("/v1/apps/3/callbacks").body()).contains("\"type\":\"order\"");
        assertThat(api.call("DELETE", "/v1/apps/3/callbacks/order", null, api.key).statusCode()).isEqualTo(200);
        HttpResponse<String> gone = api.call("DELETE", "/v1/apps/3/callbacks/order", null, api.key);
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("\"code\":\"unknown_callback\"",
                "type: order (expected: one that has a callback)");
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("/v1/apps/3/callbacks/order", "{}", 400, "url: missing (expected: https://)");
        refused("/v1/apps/3/callbacks/order", "{\"timeout\":\"2m\"}", 400, "timeout: 2m (expected: 100ms to 60s)");
        refused("/v1/apps/4/channels/order/billing/poll", "{}", 403, "app_id: 4 (expected: 3, the key's own)");
        refused("/v1/replies", "{}", 400, "reply_to: 0 characters");
        refused("/v1/replies", "{\"app_id\":4}", 403, "app_id: 4 (expected: 3, the key's own)");
        refused("/v1/apps/3/channels/order/billing/poll", "{\"wait\":1}", 400, "wait: unknown field");
        api.parts.key(api.key, KeyRecord.newBuilder().setAppId(3).addScopes("send").build());
        refused("/v1/apps/3/channels/order/billing/poll", "{}", 403, "without scope receive");
    }

    private void refused(String path, String body, int status, String detail) {
        HttpResponse<String> answer = api.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(detail);
    }
}
