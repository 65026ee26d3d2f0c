package io.longwire.dispatcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.dispatcher.DispatcherProblem;
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.id.AppKey;
import io.longwire.dispatcher.shares.SignedLists;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.testkit.stores.Stores;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The dispatcher over real HTTP and ZooKeeper; the saver behind it keeps its endpoints in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DispatcherIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] APP_SECRET = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final String APP_KEY = AppKey.of(InMemorySaver.APP, APP_SECRET).toString();
    private static final String INSTALL = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String TOO_LONG = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; // 66 bytes

    @TempDir
    private static Path directory = Path.of("");
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Service> started = new ArrayList<>();
    private Stores.Namespace namespace = Stores.shared().freshNamespace("dispatcher");
    private String base = "";

    @BeforeAll
    void start() throws Exception {
        SecretsFile.create(directory.resolve("secrets.yaml"));
        started.add(Service.start("saver", config("saver", Map.of()), _ -> "", (service, _) -> service
                .serve(new InMemorySaver(APP_SECRET)), HaltPoints.none()));
        for (String idc : List.of("dc1", "dc2")) {
            started.add(Service.start("room", config(idc, Map.of()), _ -> idc, (service, name) -> service.cluster()
                    .publish(Map.of("listen", "tcp://10.0.0.1:7000,tls://10.0.0.1:7443")), HaltPoints.none()));
        }
        base = dispatcher(600);
        await().until(() -> get("/v1/rooms").statusCode() == 200);
    }

    @AfterAll
    void stop() {
        started.reversed().forEach(Service::close);
        http.close();
    }

    @Test
    void givesTheSameInstallTheSameEndpointAndACredentialThatRoomsBelieve() throws Exception {
        JsonNode first = JSON.readTree(register(APP_KEY, INSTALL).body());
        JsonNode second = JSON.readTree(register(APP_KEY, INSTALL).body());

        assertThat(first.path("endpoint").asText()).startsWith("ep_").isEqualTo(second.path("endpoint").asText());
        var secrets = started.getLast().secrets().get();
        var verifier = new CredentialVerifier(CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys()));
        var checked = verifier.check(first.path("credential").binaryValue(), CredentialVerifier.NO_HOST,
                first.path("server_time_ms").asLong() / 1000);
        assertThat(checked.isOk()).isTrue();
        assertThat(checked.claims().appId()).isEqualTo(InMemorySaver.APP);
    }

    @Test
    void speaksProtobufToPhones() throws Exception {
        var body = RegisterEndpoint.newBuilder().setAppKey(APP_KEY)
                .setInstallId(ByteString.copyFrom(new byte[16])).setPayloadKey(ByteString.copyFromUtf8("a key")).build()
                .toByteArray();
        var answer = http.send(HttpRequest.newBuilder(URI.create(base + "/v1/endpoints"))
                .header("Content-Type", "application/x-protobuf").POST(BodyPublishers.ofByteArray(body)).build(),
                BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        var registered = RegisteredEndpoint.parseFrom(answer.body());
        assertThat(registered.getEndpointId()).isNotZero();
        assertThat(registered.getPayloadKey().toStringUtf8()).isEqualTo("a key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{}                                                        | 400 | install_id: 0 bytes",
            "not json                                                  | 400 | body: not JSON",
            "[]                                                        | 400 | body: no object",
            "{\"app_key\":7}                                           | 400 | app_key: 7",
            "{\"install_id\":\"%%\"}                                   | 400 | install_id: %% (expected: base64)",
            "{\"instal_id\":\"\"}                                      | 400 | instal_id: unknown field",
            "{\"install_id\":\"" + INSTALL + "\",\"payload_key\":\"" + TOO_LONG + "\"} | 400 | payload_key: 66 bytes",
            "{\"app_key\":\"ak_x\",\"install_id\":\"" + INSTALL + "\"} | 400 | app_key: ak_x",
            "{\"app_key\":\"ak_9_00000000000000000000000000000000\",\"install_id\":\"" + INSTALL
                    + "\"} | 404 | app_key: ak_9_"})
    void namesWhatIsWrongWithARegistration(String body, int status, String detail) throws Exception {
        HttpResponse<String> answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).startsWith(detail).contains("(expected: ");
    }

    @Test
    void refusesABodyThatIsTooLargeAndAPathThatIsNone() throws Exception {
        assertThat(post("x".repeat(9000)).statusCode()).isEqualTo(413);
        assertThat(get("/v1/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/v1/rooms?attempt=-1").statusCode()).isEqualTo(400);
        assertThat(get("/v1/rooms?tls=perhaps").statusCode()).isEqualTo(400);
    }

    @Test
    void listsRoomsOfAnotherIdcFirstOnARetry() throws Exception {
        JsonNode first = JSON.readTree(get("/v1/rooms?endpoint=ep_1&attempt=0").body());
        JsonNode retry = JSON.readTree(get("/v1/rooms?endpoint=ep_1&attempt=1").body());

        assertThat(first.path("rooms")).hasSize(4);
        assertThat(first.path("retry").path("first_window_ms").asInt()).isPositive();
        assertThat(first.path("rooms").get(0).path("idc")).isNotEqualTo(retry.path("rooms").get(0).path("idc"));
        assertThat(JSON.readTree(get("/v1/rooms?tls=true").body()).path("rooms"))
                .allMatch(room -> room.path("tls").asBoolean());
    }

    @Test
    void slowsDownAnAddressThatRegistersTooMuchAndServesRoomsWithoutZooKeeper() throws Exception {
        String generous = base;
        base = dispatcher(40);
        HttpResponse<String> answer = register(APP_KEY, INSTALL);
        for (int i = 0; i < 50 && answer.statusCode() == 200; i++) {
            answer = register(APP_KEY, INSTALL);
        }
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();

        base = generous;
        namespace.server().stop();
        try {
            assertThat(get("/v1/rooms").statusCode()).isEqualTo(200);
        } finally {
            namespace.server().restart();
        }
    }

    @Test
    void givesThePhonesOfAGroupTheListThatTheOperatorHasSigned() throws Exception {
        var first = shareList("the%20shop?above=4");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        var published = PublishedShareList.parseFrom(first.body());
        assertThat(published.getSigned().toByteArray()).isEqualTo(SignedLists.signed("the shop", 5));
        assertThat(published.getServerTimeMs()).isPositive();

        assertThat(PublishedShareList.parseFrom(shareList("the%20shop?above=5").body()).getSigned().isEmpty())
                .as("the phone has it").isTrue();
        assertThat(JSON.readTree(get("/v1/share-lists/the%20shop").body()).path("signed").binaryValue())
                .isEqualTo(SignedLists.signed("the shop", 5));
    }

    @Test
    void saysThatAGroupHasNoListAndWhatIsWrongWithAQuestion() throws Exception {
        for (String nobody : List.of("bank", "", "the%20shop/", "x".repeat(2_000))) {
            var none = shareList(nobody);
            assertThat(none.statusCode()).as(nobody).isEqualTo(404);
            assertThat(DispatcherProblem.parseFrom(none.body()).getCode()).isEqualTo("no_share_list");
        }
        assertThat(get("/v1/share-lists/the%20shop?above=-1").statusCode()).isEqualTo(400);
        assertThat(get("/v1/share-lists/the%20shop?above=x").statusCode()).isEqualTo(400);
    }

    @Test
    void slowsDownAnAddressThatAsksForListsTooMuch() throws Exception {
        String generous = base;
        base = dispatcher(40);
        try {
            var answer = shareList("the%20shop");
            for (int i = 0; i < 50 && answer.statusCode() == 200; i++) {
                answer = shareList("the%20shop");
            }
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(DispatcherProblem.parseFrom(answer.body()).getRetryAfterMs()).isPositive();
            assertThat(register(APP_KEY, INSTALL).statusCode()).as("not counted together").isEqualTo(200);
        } finally {
            base = generous;
        }
    }

    private HttpResponse<byte[]> shareList(String rest) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(base + "/v1/share-lists/" + rest))
                .header("Accept", "application/x-protobuf").build(), BodyHandlers.ofByteArray());
    }

    private String dispatcher(int registrationsPerMinute) {
        var lists = List.of(Map.of("group", "the shop", "list", SignedLists.text("the shop", 5)));
        Service dispatcher = Service.start("dispatcher",
                config("dispatcher", Map.of("port", 0, "registrationsPerMinute", registrationsPerMinute, "shareLists",
                        lists)),
                DispatcherConfig::read, DispatcherMain::wire, HaltPoints.none());
        started.add(dispatcher);
        return "http://" + dispatcher.cluster().self().attributes().get("http");
    }

    private HttpResponse<String> register(String appKey, String install) throws Exception {
        Map<String, String> body = new HashMap<>(Map.of("app_key", appKey, "install_id", install));
        return post(JSON.writeValueAsString(body));
    }

    private HttpResponse<String> post(String body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(base + "/v1/endpoints")).POST(BodyPublishers.ofString(body))
                .build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString());
    }

    private ConfigNode config(String name, Map<String, Object> own) {
        var all = new HashMap<String, Object>(own);
        all.put("service", Map.of("zookeeper", namespace.connectString(), "namespace", namespace.name(), "idc",
                name.startsWith("dc") ? name : "dc1", "dataDir", directory.resolve(name).toString(), "secrets",
                directory.resolve("secrets.yaml").toString(), "drain", "0"));
        return ConfigNode.of(all);
    }
}
