package io.longwire.center;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.longwire.device.v1.Push;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Timeline;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.longwire.center.ApiFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

/** The W3C trace context of a caller: into the envelope, and out with what is told of the message. */
class TraceIT {
    private static final String ONE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String OTHER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    private static final String BODY = "{\"to\":{\"endpoint\":\"" + ENDPOINT + "\"},\"payload\":\"aGk=\"}";
    private static final String MESSAGE = "01ARZ3NDEKTSV";
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
    void comesWithAHeaderOverRest() throws Exception {
        accepted(send(BODY, "Traceparent", ONE));

        assertThat(traces()).containsExactly(ONE);
        assertThat(API.parts.appended.getFirst().getTraced()).isTrue();
    }

    @Test
    void comesWithMetadataOverGrpc() throws Exception {
        API.grpc(API.key, metadata(ONE)).send(request(""));

        assertThat(traces()).containsExactly(ONE);
    }

    @Test
    void isThatOfEachMessageOfABatchWhichNamesNoOther() throws Exception {
        API.grpc(API.key, metadata(ONE)).sendBatch(SendBatchRequest.newBuilder().addMessages(request(""))
                .addMessages(request(OTHER)).build());

        assertThat(traces()).containsExactlyInAnyOrder(ONE, OTHER);
    }

    @Test
    void isInTheEnvelopeOfEachTarget() throws Exception {
        API.archive.endpoint(3, 4712);
        String list = BODY.replace("{\"endpoint\":\"" + ENDPOINT + "\"}", "{\"endpoints\":[\"" + ENDPOINT + "\",\""
                + ApiFixture.ENDPOINTS.text(3, 4712) + "\"]}");

        accepted(send(list, "traceparent", ONE));

        assertThat(traces()).containsExactly(ONE, ONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "x",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01"})
    void isIgnoredWhenItIsMalformed(String malformed) throws Exception {
        accepted(send(BODY, "traceparent", malformed));
        API.grpc(API.key).send(request(malformed));

        assertThat(traces()).containsExactly("", "");
        assertThat(API.parts.appended).noneMatch(AppendItem::getTraced);
    }

    @Test
    void isIgnoredWhenThereAreTwo() throws Exception {
        accepted(send(BODY, "traceparent", ONE, "traceparent", OTHER));

        assertThat(traces()).containsExactly("");
    }

    @Test
    void costsNoByteWhenThereIsNone() throws Exception {
        accepted(send(BODY));
        accepted(send(BODY, "traceparent", ONE));

        AppendItem plain = API.parts.appended.getFirst();
        AppendItem traced = API.parts.appended.getLast();
        assertThat(plain.getEnvelope().size() + 29).isEqualTo(traced.getEnvelope().size());
        assertThat(plain.getTraced()).isFalse();
    }

    @Test
    void isToldWithTheTimelineAndTheReceipts() {
        ByteString trace = Traceparent.parse(ONE);
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.WAITING).setTrace(trace).build();
        API.parts.receipts(3);
        API.archive.receipts.put(3, List.of(receipt(trace), receipt(ByteString.EMPTY)));

        assertThat(API.get("/v1/messages/" + MESSAGE + "/endpoints/" + ENDPOINT).body())
                .contains("\"traceparent\":\"" + ONE + "\"");
        assertThat(API.get("/v1/receipts").body()).contains("\"traceparent\":\"" + ONE + "\"", "\"traceparent\":\"\"");
    }

    @Test
    void isNoPartOfWhatMakesTwoSchedulesTheSame() {
        String later = BODY.substring(0, BODY.length() - 1) + ",\"not_before\":\"" + Instant.now().plusSeconds(3_600)
                + "\",\"idempotency_key\":\"k\"}";

        HttpResponse<String> one = send(later, "traceparent", ONE);
        HttpResponse<String> again = send(later, "traceparent", OTHER);

        assertThat(one.body()).contains("\"status\":\"scheduled\"");
        assertThat(again.body()).isEqualTo(one.body());
    }

    private static Receipt receipt(ByteString trace) {
        return Receipt.newBuilder().setEndpointId(4711).setMessageId(11).setKind(ReceiptKind.SHOWN).setAtMs(5)
                .setTrace(trace).build();
    }

    private static HttpResponse<String> send(String body, String... headers) {
        return API.call("POST", "/v1/messages", body, API.key, headers);
    }

    private static void accepted(HttpResponse<String> answer) {
        assertThat(answer.body()).contains("\"status\":\"accepted\"");
    }

    private static SendRequest request(String traceparent) {
        return SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(ENDPOINT)).setTraceparent(traceparent)
                .build();
    }

    private static Metadata metadata(String traceparent) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent);
        return headers;
    }

    private static List<String> traces() throws InvalidProtocolBufferException {
        var traces = new ArrayList<String>();
        for (AppendItem item : API.parts.appended) {
            traces.add(Traceparent.text(Push.parseFrom(item.getEnvelope()).getTrace()));
        }
        return traces;
    }
}
