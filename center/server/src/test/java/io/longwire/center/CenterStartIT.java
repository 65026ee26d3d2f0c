package io.longwire.center;

import io.longwire.center.access.KeyText;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.testkit.stores.Stores;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The process as it is wired, on a real ZooKeeper, before any neighbour lives. */
class CenterStartIT {
    @TempDir
    private Path data;

    @Test
    void servesItsPortAndSaysWhatIsMissingWhileNoSaverLives() throws Exception {
        String adminKey = SecretsFile.create(data.resolve("secrets.yaml"));
        try (Service center = Service.start("center", config(Map.of()), CenterConfig::read, CenterMain::wire,
                HaltPoints.none()); var http = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .until(() -> center.cluster().self().attributes().containsKey("api"));
            String api = "http://" + center.cluster().self().attributes().get("api");
            var tags = new EndpointId(SecretsFile.read(data.resolve("secrets.yaml")).endpointTagKey());
            String body = "{\"to\":{\"endpoint\":\"" + tags.text(1, 1) + "\"}}";

            var send = post(http, api + "/v1/messages", body, KeyText.random(new SecureRandom()));
            assertThat(send.statusCode()).as(send.body()).isEqualTo(503);
            assertThat(send.body()).contains("\"code\":\"unavailable\"");
            assertThat(send.headers().firstValue("retry-after")).isPresent();
            var create = post(http, api + "/v1/apps", "{\"name\": \"demo\"}", adminKey);
            assertThat(create.statusCode()).as(create.body()).isEqualTo(503);
            assertThat(post(http, api + "/v1/apps", "{\"name\": \"\"}", adminKey).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void refusesAMistypedKey() {
        assertThatThrownBy(() -> Service.start("center", config(Map.of("apiPrt", 1)), CenterConfig::read,
                CenterMain::wire, HaltPoints.none())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("apiPrt").hasMessageContaining("did you mean apiPort?");
    }

    private ConfigNode config(Map<String, Object> more) {
        var zookeeper = Stores.shared().freshNamespace("center");
        var config = new HashMap<String, Object>(more);
        config.put("apiPort", 0);
        config.put("service", Map.of("zookeeper", zookeeper.connectString(), "namespace", zookeeper.name(), "dataDir",
                data.toString(), "secrets", data.resolve("secrets.yaml").toString(), "drain", "0"));
        return ConfigNode.of(config);
    }

    private static HttpResponse<String> post(HttpClient http, String url, String body, String key) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).header("authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
