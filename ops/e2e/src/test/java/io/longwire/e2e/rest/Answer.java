package io.longwire.e2e.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.keeper.clock.Clock;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/** What center answered, whatever it was. */
public record Answer(int status, JsonNode body, HttpHeaders headers) {
    /** The answer of a call that needs less than a second: in one of five tries, as a machine is busy now and then. */
    public static Answer withinASecond(Supplier<Answer> call) {
        Answer answer = null;
        long millis = Long.MAX_VALUE;
        for (int i = 0; i < 5 && millis >= 1000; i++) {
            long began = Clock.system().nanos();
            answer = call.get();
            millis = (Clock.system().nanos() - began) / 1_000_000;
        }
        assertThat(millis).as("ms for an answer").isLessThan(1000);
        return Objects.requireNonNull(answer);
    }

    /** This answer, which must be a 200. */
    public Answer ok() {
        assertThat(status).as("status of %s", body).isEqualTo(200);
        return this;
    }

    /** This answer, which must be a problem of this status and code. */
    public Answer refused(int expectedStatus, String code) {
        assertThat(status).as("status of %s", body).isEqualTo(expectedStatus);
        assertThat(text("code")).as("code of %s", body).isEqualTo(code);
        return this;
    }

    /** The problem's sentence; empty if there is none. */
    public String detail() {
        return text("detail");
    }

    public String text(String field) {
        return body.path(field).asText("");
    }

    public long number(String field) {
        return body.path(field).asLong();
    }

    /** The elements of a list, empty if there is none. */
    public List<JsonNode> list(String field) {
        var all = new ArrayList<JsonNode>();
        body.path(field).forEach(all::add);
        return all;
    }

    /** One field of each element of a list. */
    public List<String> texts(String field, String inner) {
        return list(field).stream().map(element -> element.path(inner).asText("")).toList();
    }

    /** A list of texts. */
    public List<String> texts(String field) {
        return list(field).stream().map(JsonNode::asText).toList();
    }

    /** Of a send. */
    public String messageId() {
        return text("message_id");
    }
}
