package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One broadcast, as its product's backend made it and steers it. Calls block. */
final class Campaign {
    private static final JsonMapper JSON = new JsonMapper();

    private final Rest rest;
    private final String id;
    private final long seq;

    private Campaign(Rest rest, Answer made) {
        this.rest = rest;
        this.id = made.text("broadcast_id");
        this.seq = made.number("seq");
        assertThat(id).as("broadcast_id of %s", made.body()).hasSize(13);
        if (made.text("list").isEmpty() && !made.text("state").equals("held")) {
            assertThat(seq).as("seq of %s", made.body()).isGreaterThanOrEqualTo(2);
        }
    }

    /**
     * Makes it.
     *
     * @param options the fields of CreateBroadcastRequest beside the payload, as a JSON object
     */
    static Campaign start(Rest rest, String text, String options) {
        return new Campaign(rest, rest.post("/v1/broadcasts", request(text, options).toString()).ok());
    }

    /** What a dry run of it answers. */
    static JsonNode estimate(Rest rest, String options) {
        Answer answer = rest.post("/v1/broadcasts", request("x", options).put("dry_run", true).toString()).ok();
        assertThat(answer.text("broadcast_id")).isEmpty();
        return answer.body().path("estimate");
    }

    /** Asks for it at a later time; the answer names a schedule, and no broadcast yet. */
    static Answer later(Rest rest, String text, String options) {
        Answer answer = rest.post("/v1/broadcasts", request(text, options).toString()).ok();
        assertThat(answer.text("state")).isEqualTo("scheduled");
        assertThat(answer.text("broadcast_id")).isEmpty();
        return answer;
    }

    private static ObjectNode request(String text, String options) {
        try {
            var request = (ObjectNode) JSON.readTree(options);
            return request.put("payload", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        } catch (JsonProcessingException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The same, steered through another center. */
    Campaign through(Rest other) {
        return new Campaign(other, other.get("/v1/broadcasts/" + id).ok());
    }

    String id() {
        return id;
    }

    long seq() {
        return seq;
    }

    /** How it stands now. */
    Answer info() {
        return rest.get("/v1/broadcasts/" + id).ok();
    }

    /** One of its counts. */
    long count(String name) {
        return info().body().path("counts").path(name).asLong();
    }

    /** Pauses, resumes, cancels or advances it. */
    Answer order(String verb) {
        return rest.post("/v1/broadcasts/" + id + ":" + verb, "{\"reason\":\"test\"}").ok();
    }

    void pace(int perSecond) {
        rest.post("/v1/broadcasts/" + id + ":pace", "{\"pace\":{\"rate_per_second\":" + perSecond + "}}").ok();
    }

    /** Takes it back; the broadcast that does so. */
    Campaign revoke() {
        Answer made = order("revoke");
        assertThat(made.text("revokes")).isEqualTo(id);
        return new Campaign(rest, made);
    }

    void awaitState(String state, Duration limit) {
        await().atMost(limit).ignoreExceptions().untilAsserted(() -> assertThat(info().text("state"))
                .isEqualTo(state));
    }

    void awaitCount(String name, long count, Duration limit) {
        await().atMost(limit).ignoreExceptions().untilAsserted(() -> assertThat(count(name)).as(name)
                .isEqualTo(count));
    }
}
