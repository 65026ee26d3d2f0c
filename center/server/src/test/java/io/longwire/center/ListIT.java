package io.longwire.center;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longwire.center.access.KeyText;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Lists over the port: made, filled, sealed, sent to and deleted, and what is wrong with them. */
class ListIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiFixture api = new ApiFixture();

    @AfterEach
    void close() {
        api.close();
    }

    private JsonNode ok(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode refused(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private String made() throws Exception {
        return ok(api.post("/v1/lists", "{\"label\":\"spring\"}")).path("list_id").asText();
    }

    private static String lines(int from, int to) {
        var lines = new ArrayList<String>();
        for (int i = from; i <= to; i++) {
            lines.add("\"" + ApiFixture.ENDPOINTS.text(3, i) + "\"");
        }
        return String.join(",", lines);
    }

    @Test
    void aListIsMadePartByPartAndSentTo() throws Exception {
        String list = made();
        ok(api.post("/v1/lists/" + list + ":append", "{\"part\":1,\"first_line\":4,\"endpoints\":[" + lines(3, 5)
                + "]}"));
        JsonNode part = ok(api.post("/v1/lists/" + list + ":append", "{\"part\":0,\"endpoints\":[\"# who\",\"\","
                + lines(1, 3) + "]}"));
        assertThat(part.path("lines").asLong()).isEqualTo(3);
        assertThat(part.path("bad").asLong()).isZero();

        JsonNode sealed = ok(api.post("/v1/lists/" + list + ":seal", "{\"parts\":2}"));

        assertThat(sealed.path("state").asText()).isEqualTo("sealed");
        assertThat(sealed.path("endpoints").asLong()).isEqualTo(5);
        assertThat(sealed.path("twice").asLong()).isEqualTo(1);
        assertThat(ok(api.post("/v1/lists/" + list + ":seal", "{\"parts\":2}")).path("state").asText())
                .isEqualTo("sealed");
        JsonNode sent = ok(api.post("/v1/broadcasts", "{\"payload\":\"aGk=\",\"list\":\"" + list + "\"}"));
        assertThat(sent.path("list").asText()).isEqualTo(list);
        assertThat(ok(api.get("/v1/lists")).at("/lists/0/label").asText()).isEqualTo("spring");
        JsonNode gone = ok(api.call("DELETE", "/v1/lists/" + list, null, api.key));
        assertThat(gone.path("state").asText()).isEqualTo("deleted");
    }

    @Test
    void linesThatAreNoEndpointsAreToldByNumberAndKeepTheListOpen() throws Exception {
        String list = made();
        String foreign = ApiFixture.ENDPOINTS.text(4, 1);

        JsonNode part = ok(api.post("/v1/lists/" + list + ":append", "{\"first_line\":11,\"endpoints\":[" + lines(1, 1)
                + ",\"\",\"user-17\",\"" + foreign + "\"]}"));

        assertThat(part.path("lines").asLong()).isEqualTo(3);
        assertThat(part.path("bad").asLong()).isEqualTo(2);
        assertThat(part.at("/bad_lines/0")).isEqualTo(JSON.readTree("{\"line\":13,\"value\":\"user-17\","
                + "\"expected\":\"ep_ and 20 characters of Crockford base 32\"}"));
        assertThat(part.at("/bad_lines/1/line").asLong()).isEqualTo(14);
        assertThat(part.at("/bad_lines/1/expected").asText()).isEqualTo("an endpoint of this app");
        JsonNode problem = refused(api.post("/v1/lists/" + list + ":seal", "{\"parts\":1}"), 409);
        assertThat(problem.path("code").asText()).isEqualTo("wrong_state");
        assertThat(problem.path("detail").asText())
                .isEqualTo("bad lines: 2, the first is line 13 (expected: none, or skip_bad)");
        refused(api.post("/v1/broadcasts", "{\"payload\":\"aGk=\",\"list\":\"" + list + "\"}"), 409);
        assertThat(ok(api.get("/v1/lists/" + list)).at("/bad_lines/0/line").asLong()).isEqualTo(13);

        JsonNode sealed = ok(api.post("/v1/lists/" + list + ":seal", "{\"parts\":1,\"skip_bad\":true}"));

        assertThat(sealed.path("endpoints").asLong()).isEqualTo(1);
        assertThat(sealed.path("bad").asLong()).isEqualTo(2);
        refused(api.post("/v1/lists/" + list + ":append", "{\"endpoints\":[" + lines(1, 1) + "]}"), 409);
    }

    @Test
    void aPartThatIsMissingKeepsTheListOpen() throws Exception {
        String list = made();
        ok(api.post("/v1/lists/" + list + ":append", "{\"part\":1,\"endpoints\":[" + lines(1, 2) + "]}"));

        assertThat(refused(api.post("/v1/lists/" + list + ":seal", "{\"parts\":2}"), 409).path("detail").asText())
                .isEqualTo("parts: 1 are there (expected: 2)");
    }

    @Test
    void whatIsSentLaterNeedsAListThatIsStillThereThen() throws Exception {
        String list = made();
        String later = "{\"payload\":\"aGk=\",\"not_before\":\"8d\",\"list\":\"";
        refused(api.post("/v1/broadcasts", later + list + "\"}"), 409);
        ok(api.post("/v1/lists/" + list + ":append", "{\"endpoints\":[" + lines(1, 2) + "]}"));
        ok(api.post("/v1/lists/" + list + ":seal", "{\"parts\":1}"));

        assertThat(refused(api.post("/v1/broadcasts", later + list + "\"}"), 409).path("detail").asText())
                .startsWith("list: " + list + " is kept until ").contains("(expected: until it is sent, ");
        refused(api.post("/v1/broadcasts", later + "0000000000099\"}"), 404);
        JsonNode waits = ok(api.post("/v1/broadcasts", later.replace("8d", "6d") + list + "\"}"));
        assertThat(waits.path("state").asText()).isEqualTo("scheduled");
        assertThat(waits.path("list").asText()).isEqualTo(list);
    }

    @Test
    void garbageIsRefused() throws Exception {
        String list = made();
        String append = "/v1/lists/" + list + ":append";

        assertThat(refused(api.post(append, "{\"endpoints\":[]}"), 400).path("detail").asText())
                .isEqualTo("endpoints: 0 lines (expected: 1 to 10000)");
        assertThat(refused(api.post(append, "{\"part\":10000,\"endpoints\":[\"x\"]}"), 400).path("detail").asText())
                .isEqualTo("part: 10000 (expected: 0 to 9999)");
        List<String> many = Collections.nCopies(10_001, "\"x\"");
        assertThat(refused(api.post(append, "{\"endpoints\":[" + String.join(",", many) + "]}"), 413).path("code")
                .asText()).isEqualTo("too_large");
        refused(api.post("/v1/lists", "{\"ttl\":\"1m\"}"), 400);
        refused(api.post("/v1/lists", "{\"label\":\"" + "x".repeat(121) + "\"}"), 400);
        refused(api.post("/v1/lists/" + list + ":seal", "{}"), 400);
        refused(api.get("/v1/lists/x"), 400);
        assertThat(refused(api.get("/v1/lists/0000000000099"), 404).path("code").asText()).isEqualTo("unknown_list");
        assertThat(refused(api.post("/v1/lists/0000000000099:append", "{\"endpoints\":[\"x\"]}"), 404).path("code")
                .asText()).isEqualTo("unknown_list");
        assertThat(api.lists.get(ListRequest.newBuilder().setAppId(3).setListId(1).build()).join().getState())
                .isEqualTo(State.OPEN);
    }

    @Test
    void theSameKeyGivesTheSameList() throws Exception {
        JsonNode first = ok(api.post("/v1/lists", "{\"idempotency_key\":\"once\"}"));

        assertThat(ok(api.post("/v1/lists", "{\"idempotency_key\":\"once\"}")).path("list_id"))
                .isEqualTo(first.path("list_id"));
    }

    @Test
    void aKeyThatMayOnlyReadReads() throws Exception {
        String reader = KeyText.random(new SecureRandom());
        api.parts.key(reader, KeyRecord.newBuilder().setAppId(3).addScopes("read").build());
        String list = made();

        ok(api.call("GET", "/v1/lists/" + list, null, reader));
        refused(api.call("POST", "/v1/lists/" + list + ":seal", "{\"parts\":1}", reader), 403);
        refused(api.call("DELETE", "/v1/lists/" + list, null, reader), 403);
    }
}
