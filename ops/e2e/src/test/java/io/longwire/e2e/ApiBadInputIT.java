package io.longwire.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.service.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Backends and phones that ask center and dispatcher for what cannot be: a typed problem, a count, and on it goes. */
class ApiBadInputIT {
    private static final JsonMapper JSON = new JsonMapper();

    private final SharedPlatform platform = SharedPlatform.get();
    private final Product product = platform.app();
    private final Service center = platform.platform().center();
    private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    private final String endpoint = Identity.register(product).endpoint();

    @AfterEach
    void theNextCallIsServed() throws Exception {
        assertThat(post("{\"to\":{\"endpoint\":\"" + endpoint + "\"},\"payload\":\"aGk=\"}", product.apiKey()).status())
                .isEqualTo(200);
        http.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"``|400|invalid_argument|body", //
            "`{`|400|invalid_argument|", //
            "`[]`|400|invalid_argument|", //
            "`\"text\"`|400|invalid_argument|", //
            "`{}`|400|invalid_argument|to", //
            "`{\"to\":{\"endpoint\":\"EP\"}}x`|400|invalid_argument|", //
            "`{\"to\":\"EP\"}`|400|invalid_argument|to", //
            "`{\"to\":{\"endpoint\":7}}`|400|invalid_argument|to.endpoint", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"payload\":\"%%%\"}`|400|invalid_argument|payload", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"payload\":[1]}`|400|invalid_argument|payload", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"ttl\":\"31d\"}`|400|invalid_argument|ttl", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"ttl\":\"-1s\"}`|400|invalid_argument|ttl", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"ttl\":\"soon\"}`|400|invalid_argument|ttl", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"colour\":\"red\"}`|400|invalid_argument|colour", //
            "`{\"to\":{\"endpoint\":\"EP\"},\"priority\":\"URGENT\"}`|400|invalid_argument|priority", //
            "`{\"to\":{\"endpoint\":\"ep_0\"}}`|400|invalid_argument|to.endpoint", //
            "`{\"to\":{\"endpoint\":\"ep_00000000000000000000\"}}`|404|unknown_endpoint|to.endpoint"})
    void refusesABodyThatBreaksARule(String body, int status, String code, String names) throws Exception {
        double before = SharedPlatform.metric(center, "center_refused_total");
        var answer = post(body.replace("EP", endpoint), product.apiKey());

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.json().path("detail").asText()).contains(names == null ? "" : names).contains("(expected: ");
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(SharedPlatform.metric(center, "center_refused_total")).isGreaterThan(before);
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        var payload = post("{\"to\":{\"endpoint\":\"" + endpoint + "\"},\"payload\":\"" + "A".repeat(8192) + "\"}",
                product.apiKey());
        assertThat(payload.status()).isEqualTo(413);
        assertThat(payload.json().path("code").asText()).isEqualTo("too_large");

        var body = post("{\"x\":\"" + "A".repeat(5 * 1024 * 1024) + "\"}", product.apiKey());
        assertThat(body.status()).isEqualTo(413);
        assertThat(body.json().path("detail").asText()).contains("(expected: ");
    }

    @Test
    void refusesKeysAndEndpointsOfOthers() throws Exception {
        String body = "{\"to\":{\"endpoint\":\"" + endpoint + "\"}}";
        assertThat(post(body, "nonsense").json().path("code").asText()).isEqualTo("unauthenticated");
        assertThat(post(body, "").json().path("code").asText()).isEqualTo("unauthenticated");
        assertThat(post(body, product.adminKey()).json().path("code").asText()).isEqualTo("forbidden");
        assertThat(post(body, platform.app().apiKey()).json().path("code").asText()).isEqualTo("unknown_endpoint");
    }

    @Test
    void refusesPathsMethodsAndMessagesThatAreNot() throws Exception {
        assertThat(call("GET", product.api() + "/v1/nothing").json().path("code").asText()).isEqualTo("no_such_path");
        assertThat(call("PATCH", product.api() + "/v1/messages").json().path("code").asText())
                .isEqualTo("method_not_allowed");
        assertThat(call("GET", product.api() + "/v1/messages/0000000000000/endpoints/" + endpoint).json().path("code")
                .asText()).isIn("unknown_message", "invalid_argument");
        assertThat(call("GET", product.api() + "/v1/messages/!!/endpoints/" + endpoint).json().path("code").asText())
                .isEqualTo("invalid_argument");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"``|400", "`{`|400",
            "`{\"app_key\":\"ak_1_00\"}`|400",
            "`{\"app_key\":\"KEY\",\"install_id\":\"AAAA\"}`|400", "`{\"app_key\":7}`|400",
            "`{\"app_key\":\"ak_1_00000000000000000000000000000000\","
                    + "\"install_id\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}`|404"})
    void theDispatcherRefusesRegistrationsThatCannotBe(String body, int status) throws Exception {
        var answer = answer(HttpRequest.newBuilder(URI.create(product.dispatcher() + "/v1/endpoints"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace("KEY", product.appKey()))).build());

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("detail").asText()).contains("(expected: ");
    }

    private record Answer(int status, String type, JsonNode json) {
    }

    private Answer post(String body, String key) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(product.api() + "/v1/messages"))
                .header("Authorization", "Bearer " + key).POST(BodyPublishers.ofString(body)).build());
    }

    private Answer call(String method, String uri) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(uri)).header("Authorization", "Bearer " + product.apiKey())
                .method(method, BodyPublishers.noBody()).build());
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        var response = http.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.headers().firstValue("content-type").orElse(""),
                JSON.readTree(response.body()));
    }
}
