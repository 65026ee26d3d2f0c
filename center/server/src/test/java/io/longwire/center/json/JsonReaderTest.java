package io.longwire.center.json;

import com.google.protobuf.Message;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.center.BroadcastCanary;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.MessageFunnel;
import io.longwire.rpc.center.Priority;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.UpdateAppRequest;
import io.longwire.rpc.center.UpdateProfileRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonReaderTest {
    @Test
    void readsEveryKindOfField() {
        var request = read("""
                {"to": {"endpoint": "ep_1"}, "payload": "aGk=", "ttl": "90s", "priority": "high", "class": "FAST",
                 "idempotencyKey": "k", "collapse_key": null}""");

        assertThat(request.getTo().getEndpoint()).isEqualTo("ep_1");
        assertThat(request.getPayload().toStringUtf8()).isEqualTo("hi");
        assertThat(request.getPriority()).isEqualTo(Priority.HIGH);
        assertThat(request.getIdempotencyKey()).isEqualTo("k");
        assertThat(request.getCollapseKey()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"aGk,hi", "aGk=,hi", "'',''", "_-8=,\u00ff\u00ef", "/+8=,\u00ff\u00ef"})
    void readsBothAlphabetsOfBase64PaddedOrNot(String text, String payload) {
        assertThat(read("{\"payload\": \"" + text + "\"}").getPayload().toString(StandardCharsets.ISO_8859_1))
                .isEqualTo(payload);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"~~ | body: empty (expected: a JSON object)",
            "[] | body: a list (expected: a JSON object)", "7 | body: 7 (expected: a JSON object)",
            "{\"payload\": \"a\"} | payload: \"a\" (expected: base64)",
            "{\"payload\": \"%%%\"} | payload: \"%%%\" (expected: base64)",
            "{\"payload\": 7} | payload: 7 (expected: base64 in a string)",
            "{\"payload\": {}} | payload: an object (expected: base64 in a string)",
            "{\"ttl\": 60} | ttl: 60 (expected: text)", "{\"to\": \"ep_1\"} | to: \"ep_1\" (expected: an object)",
            "{\"to\": []} | to: a list (expected: an object)",
            "{\"to\": {\"endpoint\": true}} | to.endpoint: true (expected: text)",
            "{\"to\": {\"device\": \"x\"}} | to.device: unknown field (expected: one of "
                    + "endpoint, alias, endpoints, aliases)",
            "{\"priority\": \"urgent\"} | priority: urgent (expected: one of NORMAL, HIGH, LOW)",
            "{\"priority\": 1} | priority: 1 (expected: one of NORMAL, HIGH, LOW)",
            "{\"collapseKey\": \"a\", \"collapse_key\": \"b\"} | collapse_key: given twice (expected: once)"})
    void namesPlaceValueAndRule(String body, String detail) {
        assertThatThrownBy(() -> read(body == null ? "" : body)).isInstanceOf(Refused.class).hasMessage(detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{", "{\"ttl\": \"1s\"", "{\"ttl\" \"1s\"}", "{ttl: 1}",
            "{} {}", "{\"ttl\": \"1s\"} x", "{\"ttl\": \"1s\", \"ttl\": \"2s\"}", "nul"})
    void refusesWhatIsNoJson(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(Refused.class).hasMessageStartingWith("body: ");
    }

    @Test
    void namesUnknownFieldsAndTheKnownOnes() {
        assertThatThrownBy(() -> read("{\"tll\": \"1s\"}")).isInstanceOf(Refused.class)
                .hasMessage("tll: unknown field (expected: one of to, payload, ttl, priority, class, idempotency_key, "
                        + "collapse_key, replace, not_before, dry_run, low_window, traceparent, encryption)");
    }

    @Test
    void readsMapsListsFlagsAndOptionalFields() {
        var update = UpdateProfileRequest.newBuilder();
        read("""
                {"add_tags": ["a", "b"], "set_attributes": {"os": "14", "": ""}}""", update);
        assertThat(update.getAddTagsList()).containsExactly("a", "b");
        assertThat(update.getSetAttributesMap()).isEqualTo(Map.of("os", "14", "", ""));

        var settings = UpdateAppRequest.newBuilder();
        read("{\"settings\": {\"fan_out\": 0, \"receipts\": false}}", settings);
        assertThat(settings.getSettings().hasFanOut()).isTrue();
        assertThat(settings.getSettings().hasReceipts()).isTrue();
        assertThat(settings.getSettings().hasStoredBytes()).isFalse();
        assertThat(new String(JsonWriter.bytes(settings.getSettings()), StandardCharsets.UTF_8))
                .isEqualTo("{\"fan_out\":0,\"receipts\":false}");
    }

    @Test
    void namesThePlaceInAMap() {
        assertThatThrownBy(() -> JsonReader.read(stream("{\"set_attributes\": {\"os\": 14}}"),
                UpdateProfileRequest.newBuilder())).hasMessage("set_attributes.os: 14 (expected: text)");
        assertThatThrownBy(() -> JsonReader.read(stream("{\"set_attributes\": []}"),
                UpdateProfileRequest.newBuilder())).hasMessage("set_attributes: a list (expected: an object)");
        assertThatThrownBy(() -> JsonReader.read(stream("{\"set_attributes\": {\"a\": null}}"),
                UpdateProfileRequest.newBuilder())).hasMessage("set_attributes.a: null (expected: text)");
    }

    @Test
    void writesMapsSortedByKey() {
        var funnel = MessageFunnel.newBuilder().putEnded("expired", 2).putEnded("acked", 1).build();

        assertThat(new String(JsonWriter.bytes(funnel), StandardCharsets.UTF_8))
                .contains("\"ended\":{\"acked\":1,\"expired\":2},\"receipts\":{}");
    }

    @Test
    void namesThePlaceInAList() {
        assertThatThrownBy(() -> JsonReader.read(stream("{\"messages\": [{}, {\"payload\": \"a\"}]}"),
                SendBatchRequest.newBuilder())).hasMessage("messages[1].payload: \"a\" (expected: base64)");
    }

    @ParameterizedTest
    @CsvSource({"-1", "4294967296", "1.5", "1e3", "true", "\"x\"", "\"\"", "123456789012345678901234567890"})
    void refusesNumbersOutOfTheirRange(String number) {
        assertThatThrownBy(() -> JsonReader.read(stream("{\"sends_per_second\": " + number + "}"),
                CreateAppRequest.newBuilder())).isInstanceOf(Refused.class)
                .hasMessageStartingWith("sends_per_second: ")
                .hasMessageEndingWith("(expected: a whole number from 0 to 4294967295)");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "2.5,2.5", "99.99,99.99", "1e-2,0.01", "'\"2.5\"',2.5", "-1,-1"})
    void readsDecimals(String text, double value) {
        var canary = BroadcastCanary.newBuilder();

        read("{\"percent\": " + text + "}", canary);

        assertThat(canary.getPercent()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"'\"NaN\"'", "'\"Infinity\"'", "1e999", "'\"1d\"'", "'\" 1\"'", "'\"0x1p3\"'", "'\"\"'", "true", "{}",
            "'\"1,5\"'"})
    void refusesWhatIsNoDecimal(String text) {
        assertThatThrownBy(() -> read("{\"percent\": " + text + "}", BroadcastCanary.newBuilder()))
                .isInstanceOf(Refused.class).hasMessageStartingWith("percent: ")
                .hasMessageEndingWith("(expected: a number such as 2.5)");
    }

    @Test
    void writesDecimalsAsNumbers() {
        var canary = BroadcastCanary.newBuilder().setPercent(2.5).setMaxFailedPercent(Double.NaN).build();

        assertThat(new String(JsonWriter.bytes(canary), StandardCharsets.UTF_8)).isEqualTo("{\"percent\":2.5,"
                + "\"hold\":\"\",\"max_failed_percent\":null,\"max_dropped_percent\":0.0,\"wait\":false,"
                + "\"max_callback_error_percent\":0.0}");
    }

    @Test
    void namesThePlaceInAMessageThatContainsItself() {
        assertThatThrownBy(() -> read("{\"audience\": {\"all\": [{\"tag\": \"a\"}, {\"tagg\": \"b\"}]}}",
                CreateBroadcastRequest.newBuilder())).isInstanceOf(Refused.class)
                .hasMessageStartingWith("audience.all[1].tagg: unknown field (expected: one of all, any, not, tag,");
    }

    @Test
    void readsAMessageThatContainsItselfAsDeepAsItMay() {
        var request = CreateBroadcastRequest.newBuilder();

        read("{\"audience\": " + nested(30) + "}", request);

        assertThat(request.getAudience().getNot().getNot().hasNot()).isTrue();
        assertThatThrownBy(() -> read("{\"audience\": " + nested(31) + "}", CreateBroadcastRequest.newBuilder()))
                .isInstanceOf(Refused.class).hasMessage("audience" + ".not".repeat(31)
                        + ": 33 levels (expected: at most 32)");
        assertThatThrownBy(() -> read("{\"audience\": " + nested(5_000) + "}", CreateBroadcastRequest.newBuilder()))
                .isInstanceOf(Refused.class).hasMessageEndingWith(": 33 levels (expected: at most 32)");
    }

    @Test
    void writesOfAnAudienceWhatWasGiven() {
        String text = "{\"all\":[{\"tag\":\"beta\"},{\"app_version\":{\"ge\":0}},{\"percent\":{\"below\":2.5}}]}";
        var audience = Audience.newBuilder();

        read(text, audience);

        assertThat(new String(JsonWriter.bytes(audience.build()), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    private static String nested(int times) {
        return "{\"not\":".repeat(times) + "{}" + "}".repeat(times);
    }

    @Test
    void stopsAtDeepNesting() {
        assertThatThrownBy(() -> read("{\"to\":".repeat(5_000))).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(Refused.class);
    }

    @Test
    void doesNotEchoControlCharactersOrLongValues() {
        assertThatThrownBy(() -> read("{\"payload\": \"" + "\\u0007%".repeat(500) + "\"}"))
                .isInstanceOf(Refused.class).satisfies(refused -> assertThat(refused.getMessage())
                        .hasSizeLessThan(200).doesNotContain("\u0007"));
    }

    private static SendRequest read(String json) {
        var request = SendRequest.newBuilder();
        JsonReader.read(stream(json), request);
        return request.build();
    }

    private static void read(String json, Message.Builder into) {
        JsonReader.read(stream(json), into);
    }

    private static ByteArrayInputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    }
}
