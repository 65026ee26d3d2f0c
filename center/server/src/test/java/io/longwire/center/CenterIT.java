package io.longwire.center;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.longwire.center.face.ApiServer;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.fakes.FakeService;
import io.longwire.device.Code;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.service.StartFailure;
import io.longwire.rpc.center.Problem;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Timeline;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.center.ApiFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class CenterIT {
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
    void takesTheOneLineOfCurl() {
        var answer = API.post("/v1/messages", BODY);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).matches("\\{\"message_id\":\"[0-9A-HJKMNP-TV-Z]{13}\",\"endpoint\":\"" + ENDPOINT
                + "\",\"status\":\"accepted\",\"accepted_ms\":\\d{13},\"duplicate\":false,.*}");
        await().untilAsserted( // it is answered before it goes on its way
                () -> assertThat(API.parts.events).containsExactly("key", "append", "lookup", "push 1000"));
        assertThat(answer.headers().firstValue("ratelimit-limit")).hasValue("" + ApiFixture.QUOTA);
        assertThat(answer.headers().firstValueAsLong("ratelimit-remaining").orElseThrow())
                .isBetween(ApiFixture.QUOTA - 1L, (long) ApiFixture.QUOTA); // refilled meanwhile, or not yet
        assertThat(answer.headers().firstValue("ratelimit-reset")).isPresent();
    }

    @Test
    void takesTheSameOverGrpc() {
        var reply = API.grpc(API.key).send(request());

        assertThat(reply.getStatus()).isEqualTo("accepted");
        assertThat(reply.getMessageId()).hasSize(13);
        assertThat(reply.getEndpoint()).isEqualTo(ENDPOINT);
    }

    @Test
    void answersEachMessageOfABatchForItself() {
        var foreign = request().toBuilder()
                .setTo(Target.newBuilder().setEndpoint(ApiFixture.ENDPOINTS.text(4, 4711))).build();

        var reply = API.grpc(API.key).sendBatch(SendBatchRequest.newBuilder().addMessages(request())
                .addMessages(foreign).addMessages(request()).build());

        assertThat(reply.getResults(0).getReply().getStatus()).isEqualTo("accepted");
        assertThat(reply.getResults(1).getProblem().getCode()).isEqualTo("unknown_endpoint");
        assertThat(reply.getResults(2).hasReply()).isTrue();
        assertThat(API.parts.appended).hasSize(2);

        var rest = API.post("/v1/messages:batch", "{\"messages\": [" + BODY + ", {}]}");
        assertThat(rest.statusCode()).isEqualTo(200);
        assertThat(rest.body()).contains("\"status\":\"accepted\"", "\"code\":\"invalid_argument\"",
                "to: missing (expected: {\\\"endpoint\\\": \\\"ep_...\\\"})");
    }

    @Test
    void sendsToAnAliasAndToAListWithAResultForEach() {
        API.archive.endpoint(3, 4711);
        var made = API.call("POST", "/v1/endpoints/" + ENDPOINT + "/profile", "{\"bind_aliases\": [\"a/b c\"]}",
                API.key);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);

        var alias = API.post("/v1/messages", BODY.replace("{\"endpoint\":\"" + ENDPOINT + "\"}",
                "{\"alias\":\"a/b c\"}"));
        var list = API.post("/v1/messages", BODY.replace("{\"endpoint\":\"" + ENDPOINT + "\"}",
                "{\"endpoints\":[\"" + ENDPOINT + "\",\"ep_1\"],\"aliases\":[\"a/b c\",\"x\"]}"));

        assertThat(alias.body()).contains("\"status\":\"accepted\"", "\"accepted\":1",
                "{\"target\":\"a/b c\",\"endpoint\":\"" + ENDPOINT + "\",\"status\":\"accepted\"}");
        assertThat(list.body()).contains("\"status\":\"partial\"", "\"accepted\":1",
                "{\"target\":\"ep_1\",\"endpoint\":\"\",\"status\":\"unknown_endpoint\",\"problem\":{");
        assertThat(API.get("/v1/aliases/a%2Fb%20c").body())
                .isEqualTo("{\"alias\":\"a/b c\",\"endpoints\":[\"" + ENDPOINT + "\"]}");
    }

    @Test
    void checksEverythingOfADryRunAndSendsNothing() {
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).build();
        String dry = BODY.substring(0, BODY.length() - 1) + ",\"dry_run\":true}";

        assertThat(API.post("/v1/messages", dry).body()).contains("\"message_id\":\"\"",
                "\"status\":\"dry_run\"", "\"accepted\":1");
        problem(API.post("/v1/messages", dry.replace("aGk=", "A".repeat(8_000))), 413, "too_large", null);
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.GONE).build();
        problem(API.post("/v1/messages", dry), 409, "rejected", null);
        API.parts.endpoint = EndpointRecord.getDefaultInstance();
        problem(API.post("/v1/messages", dry), 404, "unknown_endpoint", null);
        assertThat(API.parts.events).doesNotContain("append", "lookup", "head", "claim");
    }

    @Test
    void keepsForLaterWhatIsNotToBeSentBefore() {
        String later = BODY.substring(0, BODY.length() - 1) + ",\"not_before\":\"10m\"}";

        assertThat(API.post("/v1/messages", later).body()).contains("\"status\":\"scheduled\"")
                .containsPattern("\"schedule_id\":\"[0-9A-Z]{13}\",\"fires_ms\":\\d{13}");
        problem(API.post("/v1/messages", later.replace("10m", "31d")), 400, "invalid_argument", null);
        assertThat(API.parts.events).doesNotContain("append");
    }

    @Test
    void boundsABatch() {
        var tooMany = SendBatchRequest.newBuilder();
        for (int i = 0; i < 501; i++) {
            tooMany.addMessages(SendRequest.getDefaultInstance());
        }

        problem(API.post("/v1/messages:batch", "{\"messages\": []}"), 400, "invalid_argument",
                "messages: 0 (expected: 1 to 500)");
        var refused = catchThrowableOfType(StatusRuntimeException.class,
                () -> API.grpc(API.key).sendBatch(tooMany.build()));
        assertThat(refused.getStatus().getDescription()).isEqualTo("messages: 501 (expected: 1 to 500)");
    }

    @Test
    void tellsWhatIsWrongWithABody() {
        problem(API.post("/v1/messages", ""), 400, "invalid_argument", "body: empty (expected: a JSON object)");
        problem(API.post("/v1/messages", "{}"), 400, "invalid_argument",
                "to: missing (expected: {\"endpoint\": \"ep_...\"})");
        problem(API.post("/v1/messages", "{\"to\":"), 400, "invalid_argument", null);
        problem(API.post("/v1/messages", BODY.replace("aGk=", "%%")), 400, "invalid_argument",
                "payload: \"%%\" (expected: base64)");
        problem(API.post("/v1/messages", BODY.replace("payload", "pay_load")), 400, "invalid_argument",
                "pay_load: unknown field (expected: one of to, payload, ttl, priority, class, idempotency_key, "
                        + "collapse_key, replace, not_before, dry_run, low_window, traceparent, encryption)");
        problem(API.post("/v1/messages", BODY.replace("\"aGk=\"", "[1]")), 400, "invalid_argument",
                "payload: a list (expected: base64 in a string)");
        problem(API.post("/v1/messages", BODY.substring(0, BODY.length() - 1) + ",\"ttl\":\"40d\"}"), 400,
                "invalid_argument", "ttl: 40d (expected: 0s, or 1ms to 604800s, such as 90s, 15m, 24h, 7d)");
        problem(API.post("/v1/messages", BODY.replace(ENDPOINT, ApiFixture.ENDPOINTS.text(4, 4711))), 404,
                "unknown_endpoint", null);
        problem(API.post("/v1/messages?ttl=1s", BODY), 400, "invalid_argument",
                "query: ttl (expected: no such parameter)");
        assertThat(API.parts.events).doesNotContain("append", "lookup");
        assertThat(API.service.metrics.count(CenterMetric.REFUSED, "invalid_argument")).isEqualTo(8);
    }

    @Test
    void tellsWhatIsTooLarge() {
        problem(API.post("/v1/messages", BODY.replace("aGk=", "A".repeat(8_000))), 413, "too_large",
                "payload: 6000 bytes (expected: at most 4096)");
        // The answer comes before the end of the body; a client that is still sending may see only the stream's end.
        await().untilAsserted(
                () -> problem(API.post("/v1/messages", BODY.replace("aGk=", "A".repeat(66_000))), 413, "too_large",
                        "body: larger (expected: at most 65536 bytes)"));
        assertThat(API.parts.events).doesNotContain("append", "lookup");
    }

    @Test
    void tellsWhoMayNot() {
        var none = API.call("POST", "/v1/messages", BODY, null);
        problem(none, 401, "unauthenticated", "authorization: missing (expected: Bearer and an API key)");
        assertThat(none.headers().firstValue("www-authenticate")).hasValue("Bearer");
        problem(API.call("POST", "/v1/messages", BODY, API.key.substring(1) + "x"), 401, "unauthenticated", null);
        problem(API.call("POST", "/v1/messages", BODY, FakeService.ADMIN_KEY), 403, "forbidden",
                "key: the admin key (expected: a key of an app)");
        problem(API.get("/v1/apps"), 403, "forbidden", "key: of app 3 (expected: the admin key)");
    }

    @Test
    void tellsWhatThereIsNot() {
        problem(API.get("/v1/nothing"), 404, "no_such_path", "path: /v1/nothing (expected: one of /docs)");
        problem(API.get("/nothing"), 404, "no_such_path", null);
        problem(API.call("DELETE", "/v1/messages", null, API.key), 405, "method_not_allowed", null);
        problem(API.get("/v1/messages/xyz/endpoints/" + ENDPOINT), 400, "invalid_argument",
                "message_id: xyz (expected: 13 characters of Crockford base 32)");
        problem(API.get("/v1/messages/" + MESSAGE + "/endpoints/" + ENDPOINT), 404, "unknown_message", null);
        problem(API.get("/v1/endpoints/" + ENDPOINT), 404, "unknown_endpoint", null);
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.ERASED).build();
        problem(API.get("/v1/messages/" + MESSAGE + "/endpoints/" + ENDPOINT), 410, "timeline_erased", null);
    }

    @Test
    void tellsOfAConflict() {
        API.parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.KEY_CONFLICT));

        problem(API.post("/v1/messages", BODY), 409, "idempotency_conflict",
                "idempotency_key: used for another message (expected: the same body, or a new key)");
    }

    @Test
    void tellsWhenThereIsMoreQuota() {
        API.parts.app(3, 1);
        assertThat(API.post("/v1/messages", BODY).statusCode()).isEqualTo(200);

        var refused = await().pollDelay(Duration.ZERO) // a slow second gives it one more
                .until(() -> API.post("/v1/messages", BODY), answer -> answer.statusCode() == 429);

        problem(refused, 429, "quota_exceeded", "sends: above 1 a second (expected: the app's quota)");
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(refused.headers().firstValue("ratelimit-limit")).hasValue("1");
        assertThat(refused.headers().firstValue("ratelimit-remaining")).hasValue("0");
        assertThat(API.service.metrics.count(CenterMetric.QUOTA_EXCEEDED)).isEqualTo(1);
    }

    @Test
    void tellsWhenItCannotServe() {
        API.service.cluster.fence(true);
        var fenced = API.post("/v1/messages", BODY);
        problem(fenced, 503, "not_serving", null);
        assertThat(fenced.headers().firstValue("retry-after")).hasValue("1");

        API.service.cluster.fence(false);
        API.parts.saverAway = true;
        problem(API.post("/v1/messages", BODY), 503, "unavailable", null);
    }

    @Test
    void endsACallThatTakesTooLong() {
        assertThat(API.config.lay("requestTimeout: 500ms")).isEmpty();
        try {
            API.parts.appendAnswers.add(new CompletableFuture<>());

            var late = API.post("/v1/messages", BODY);

            problem(late, 503, "timed_out", null);
            assertThat(late.headers().firstValue("retry-after")).hasValue("1");
        } finally {
            API.config.lay("");
        }
    }

    @Test
    void holdsNoMoreBytesOfBodiesThanItsBoundHoweverSlowlyTheyCome() throws Exception {
        byte[] part = ("POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + " ".repeat(59_000))
                .getBytes(StandardCharsets.US_ASCII);
        try (var one = new Socket(InetAddress.getLoopbackAddress(), API.port());
                var two = new Socket(InetAddress.getLoopbackAddress(), API.port())) {
            one.getOutputStream().write(part);
            two.getOutputStream().write(part);
            await().untilAsserted(
                    () -> assertThat(API.service.metrics.gauge(CenterMetric.BODY_BYTES)).isEqualTo(118_000));

            problem(API.post("/v1/messages", " ".repeat(40_000)), 503, "busy",
                    "bodies: above 153600 bytes at once (expected: fewer)");
            assertThat(API.post("/v1/messages", BODY).statusCode()).isEqualTo(200);
        }
        await().until(() -> API.service.metrics.gauge(CenterMetric.BODY_BYTES) == 0);
    }

    @Test
    void tellsTheSameOverGrpc() throws Exception {
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> API.grpc(API.key).send(
                request().toBuilder().setTtl("5").build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).startsWith("ttl: 5 (expected: ");
        var status = StatusProto.fromThrowable(refused);
        assertThat(status).isNotNull();
        assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("INVALID_ARGUMENT");
        var problem = status.getDetails(1).unpack(Problem.class);
        assertThat(problem.getStatus()).isEqualTo(400);
        assertThat(problem.getCode()).isEqualTo("invalid_argument");
        assertThat(problem.getDetail()).isEqualTo(refused.getStatus().getDescription());
        assertThatThrownBy(() -> API.grpc("nobody").send(request())).hasMessageStartingWith("UNAUTHENTICATED");
    }

    @Test
    void answersWhereAMessageIs() {
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.ENDED).setHow(How.ACKED)
                .setMessageId(77).setAcceptedMs(1_780_000_000_000L).setStoredMs(1_780_000_000_004L)
                .setRoutedMs(1_780_000_000_006L).setWrittenMs(1_780_000_000_008L).setEndedMs(1_780_000_000_030L)
                .setAttempts(1).build();

        var answer = API.get("/v1/messages/" + MESSAGE + "/endpoints/" + ENDPOINT);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"state\":\"acked\"", "30 ms after it was accepted",
                "{\"name\":\"written\",\"at_ms\":1780000000008,\"at\":\"2026-05-28T20:26:40.008Z\",\"code\":0}");
    }

    @Test
    void cancelsAMessage() {
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.ENDED).setHow(How.CANCELLED)
                .setEndedMs(1_780_000_000_030L).build();
        var path = "/v1/messages/" + MESSAGE + "/endpoints/" + ENDPOINT;

        assertThat(API.call("DELETE", path, null, API.key).body()).contains("\"state\":\"cancelled\"");
        assertThat(API.parts.events).contains("cancel 0");
        API.parts.cancelled = CancelReply.newBuilder().setCode(EndResult.Code.NO_MESSAGE).build();
        problem(API.call("DELETE", path, null, API.key), 404, "unknown_message", null);
    }

    @Test
    void answersWhereAnEndpointIsAndKicksIt() {
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE)
                .setSeenMs(1_780_000_000_000L).build();
        API.parts.waiting = 2;
        API.parts.told = ControlResult.newBuilder().setBoundMs(1_780_000_000_500L).build();

        assertThat(API.get("/v1/endpoints/" + ENDPOINT).body()).isEqualTo("{\"endpoint\":\"" + ENDPOINT
                + "\",\"state\":\"online\",\"room\":\"room-7\",\"conn_seq\":1000,\"waiting\":2,"
                + "\"seen_ms\":1780000000000,\"registered\":\"active\","
                + "\"since_ms\":1780000000500,\"app_running\":\"yes\"}");
        assertThat(API.post("/v1/endpoints/" + ENDPOINT + ":kick", "{\"retry_after_seconds\": 30}").body())
                .isEqualTo("{\"kicked\":true,\"state\":\"kicked\"}");
        assertThat(API.parts.events).contains("kick 12 30000");
        API.parts.lookupAnswers.add(FakeNeighbours.offline());
        assertThat(API.call("POST", "/v1/endpoints/" + ENDPOINT + ":kick", null, API.key).body())
                .isEqualTo("{\"kicked\":false,\"state\":\"offline\"}");
        problem(API.post("/v1/endpoints/" + ENDPOINT + ":kick", "{\"endpoint\": \"" + ENDPOINT + "\"}"), 400,
                "invalid_argument", "endpoint: given twice (expected: once)");
    }

    @Test
    void saysHowAMessageHadEndedThatIsToBeCancelled() {
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.ENDED).setHow(How.ACKED).build();
        API.parts.cancelled = CancelReply.newBuilder().setCode(EndResult.Code.ALREADY_ENDED).setHow(How.ACKED).build();

        assertThat(API.call("DELETE", "/v1/messages/" + MESSAGE + "/endpoints/" + ENDPOINT, null, API.key).body())
                .contains("\"state\":\"acked\"",
                        "\"why\":\"not cancelled, it had ended before: acked by the phone");
    }

    @Test
    void takesAMessageBack() {
        API.parts.lookupAnswers.add(FakeNeighbours.offline());

        assertThat(API.post("/v1/messages/" + MESSAGE + ":revoke", "{\"endpoint\": \"" + ENDPOINT + "\"}").body())
                .isEqualTo("{\"message_id\":\"" + MESSAGE + "\",\"pending\":1,\"sent\":0,\"too_late\":0}");
        problem(API.call("POST", "/v1/messages/" + MESSAGE + ":revoke", null, API.key), 400, "invalid_argument",
                "endpoint: missing (expected: the endpoint, unless the message went to several)");
    }

    @Test
    void countsHowFarAMessageIs() {
        problem(API.get("/v1/messages/" + MESSAGE), 404, "unknown_message", null);
        API.parts.funnel = Funnel.newBuilder().setFound(true).setTargets(3).setWaiting(1).putEnded("ACKED", 1)
                .putEnded("REVOKED", 1).putReceipts("SHOWN", 1).putReceipts("RECEIPT_EXPIRED", 2).build();
        API.parts.timeline = Timeline.newBuilder().setState(Timeline.State.WAITING).build();

        assertThat(API.get("/v1/messages/" + MESSAGE).body()).contains("\"targets\":3,\"waiting\":1,"
                + "\"ended\":{\"acked\":1,\"revoked\":1},\"receipts\":{\"expired\":2,\"shown\":1}",
                "\"endpoints\":[]");
        assertThat(API.get("/v1/messages/" + MESSAGE + "?endpoint=" + ENDPOINT).body())
                .contains("\"state\":\"waiting\"", "\"reason_code\":\"routed\"");
        problem(API.get("/v1/messages/" + MESSAGE + "?endpoint=a&endpoint=b"), 400, "invalid_argument",
                "endpoint: given twice (expected: once)");
    }

    @Test
    void answersForManyEndpointsAtOnce() {
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).build();
        String foreign = ApiFixture.ENDPOINTS.text(4, 4711);

        assertThat(API.post("/v1/endpoints:status", "{\"endpoints\": [\"" + ENDPOINT + "\", \"" + foreign + "\"]}")
                .body()).contains("{\"endpoint\":\"" + ENDPOINT + "\",\"state\":\"online\"",
                        "{\"endpoint\":\"" + foreign + "\",\"state\":\"invalid\"");
        problem(API.post("/v1/endpoints:status", "{\"endpoints\": []}"), 400, "invalid_argument",
                "endpoints: 0 (expected: 1 to 1000)");
    }

    @Test
    void showsWhatWaitsForAnEndpoint() {
        API.parts.waiting = 3;
        problem(API.get("/v1/endpoints/" + ENDPOINT + "/inbox"), 404, "unknown_endpoint", null);
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).build();

        assertThat(API.get("/v1/endpoints/" + ENDPOINT + "/inbox?limit=1").body())
                .startsWith("{\"endpoint\":\"" + ENDPOINT + "\",\"messages\":3,\"bytes\":0,\"items\":[{")
                .containsOnlyOnce("message_id");
        problem(API.get("/v1/endpoints/" + ENDPOINT + "/inbox?limit=1001"), 400, "invalid_argument",
                "limit: 1001 (expected: 1 to 1000)");
    }

    @Test
    void deletesAnEndpointThenClosesItsSession() {
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).build();

        assertThat(API.call("DELETE", "/v1/endpoints/" + ENDPOINT, null, API.key).body())
                .contains("\"registered\":\"gone\"");
        assertThat(API.parts.events).containsSubsequence("delete", "lookup", "kick " + Code.GONE + " 0");
    }

    @Test
    void makesAppsAndKeysThatWork() {
        var app = API.call("POST", "/v1/apps", "{\"name\": \"demo\"}", FakeService.ADMIN_KEY);
        assertThat(app.statusCode()).isEqualTo(200);
        assertThat(app.body()).contains("\"name\":\"demo\"", "\"sends_per_second\":1000");
        var made = API.call("POST", "/v1/apps/3/keys", "{\"label\": \"backend\", \"scopes\": [\"send\"]}",
                FakeService.ADMIN_KEY);
        var found = Pattern.compile("\"key\":\"(lw_[0-9A-Za-z]{43})\"").matcher(made.body());
        assertThat(found.find()).isTrue();

        assertThat(API.call("POST", "/v1/messages", BODY, found.group(1)).statusCode()).isEqualTo(200);
        problem(API.call("GET", "/v1/endpoints/" + ENDPOINT, null, found.group(1)), 403, "forbidden",
                "key: without scope read (expected: a key with it)");
        assertThat(API.call("GET", "/v1/apps", null, FakeService.ADMIN_KEY).body()).contains("\"name\":\"demo\"");
        problem(API.call("POST", "/v1/apps/99/keys", "{}", FakeService.ADMIN_KEY), 404, "unknown_app", null);
        problem(API.call("POST", "/v1/apps/x/keys", "{}", FakeService.ADMIN_KEY), 400, "invalid_argument",
                "app_id: x (expected: a whole number from 0 to 4294967295)");
        problem(API.call("POST", "/v1/apps", "{}", FakeService.ADMIN_KEY), 400, "invalid_argument",
                "name: missing (expected: 1 to 64 characters, no control characters)");
    }

    @Test
    void showsItsDocument() {
        var document = API.call("GET", "/openapi.json", null, null);

        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.body()).contains("\"/v1/messages/{message_id}/endpoints/{endpoint}\"",
                "\"operationId\" : \"KickEndpoint\"", "<= 4096 bytes; base64 in JSON");
        assertThat(API.call("GET", "/docs", null, null).body()).contains("/openapi.json");
        assertThat(API.call("GET", "/internal/docs/", null, null).statusCode()).isEqualTo(200);
    }

    @Test
    void namesThePortThatIsTaken() {
        var config = Live.fixed(CenterConfig.read(ConfigNode.of(Map.of("apiPort", API.port()))));

        var service = new FakeService();

        assertThatThrownBy(
                () -> ApiServer.start(config, CenterMain.api(service, config, API.parts, API.archive,
                        new CenterMain.Broadcasting(API.broadcasts, API.rooms, API.lists, API.feedback),
                        API.outlets).calls(),
                        service.clock(), service.metrics))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith(
                        "apiPort: 127.0.0.1:" + API.port() + " cannot be bound (expected: a free port)");
    }

    private static SendRequest request() {
        return SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(ENDPOINT))
                .setPayload(ByteString.copyFromUtf8("hi")).build();
    }

    private static void problem(HttpResponse<String> answer, int status, String code,
            @Nullable String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"type\":\"urn:longwire:error:" + code + "\"", "\"status\":" + status,
                "\"code\":\"" + code + "\"");
        if (detail != null) {
            assertThat(answer.body()).contains("\"detail\":\"" + detail.replace("\"", "\\\"") + "\"");
        }
    }
}
