package io.longwire.e2e.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.cli.platform.Around;
import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Testing;
import io.longwire.device.id.MessageId;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.rest.Mail;
import io.longwire.e2e.rest.Rest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.saver.client.SaverClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.awaitility.Awaitility.await;

/**
 * A platform of three rooms with something on every page of the console: phones, messages acked and waiting,
 * broadcasts under way, dead letters, an audit log. What the browser must know of it stands in a file.
 */
final class ConsoleStage implements AutoCloseable {
    /** Each combination of width and theme has its own broadcast and dead letter. */
    private static final List<String> SCENES = List.of("360-light", "360-dark", "1280-light", "1280-dark");
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleStage.class);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PHONES = 6;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path data = Place.fresh("console");
    private final Platform platform;
    private final Phones phones = new Phones("console-phones", new History());
    private final ObjectNode told = JSON.createObjectNode();
    private final CountDownLatch ended = new CountDownLatch(1);

    ConsoleStage() {
        platform = Platform.start(PlatformOptions.in(data).rooms(3).testing(new Testing(false, List.of(),
                List.of("all.service.session=6s", "keeper.holdDown=500ms"), Around.NOTHING)), LOG::info);
        try {
            Product product = Product.demo(platform.demoApp());
            fill(product);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /** Where the file for the browser stands. */
    Path write() throws IOException {
        Path file = data.resolve("stage.json");
        Files.writeString(file, told.toPrettyString());
        return file;
    }

    private void fill(Product product) {
        told.put("console", platform.console()).put("user", "admin").put("password", platform.consolePassword())
                .put("app", product.appId());
        phones.online(PHONES, product, LIMIT);
        try (Rest backend = product.backend()) {
            Phone phone = phones.all().getFirst();
            backend.post("/v1/endpoints/" + phone.endpoint() + "/profile", "{\"bind_aliases\":[\"ann@example.org\"],"
                    + "\"add_tags\":[\"beta\",\"newsletter\"],\"set_attributes\":{\"platform\":\"android\"}}").ok();
            told.put("endpoint", phone.endpoint()).put("acked",
                    backend.send(Mail.to(phone.endpoint()).text("hello")).ok().messageId());
            var scenes = told.putObject("scenes");
            for (String scene : SCENES) {
                Identity away = Identity.register(product);
                String waiting = backend.send(Mail.to(away.endpoint()).text("later")).ok().messageId();
                String second = backend.send(Mail.to(away.endpoint()).text("later still")).ok().messageId();
                scenes.putObject(scene).put("endpoint", away.endpoint()).put("waiting", waiting).put("second", second)
                        .put("dead", dead(product, backend)).put("broadcast", broadcast(backend, scene));
                broadcast(backend, "Winter sale " + scene, "\"pace\":{\"duration\":\"1h\"},"
                        + "\"canary\":{\"percent\":50,\"wait\":true}");
            }
            broadcast(backend, "Year-round", "\"pace\":{\"duration\":\"24h\"}");
            largest(product, 1);
            String list = list(backend, List.of(phone.endpoint(), phones.all().getLast().endpoint()));
            await().atMost(LIMIT).until(() -> held(backend, list));
            for (String scene : SCENES) {
                broadcast(backend, "Summer sale " + scene, "\"list\":\"" + list + "\"");
            }
            largest(product, 0);
        }
        Thread.startVirtualThread(() -> comeAndGo(product));
    }

    private static String list(Rest backend, List<String> endpoints) {
        String id = backend.post("/v1/lists", "{\"label\":\"chosen\"}").ok().text("list_id");
        backend.post("/v1/lists/" + id + ":append", "{\"endpoints\":[\"" + String.join("\",\"", endpoints) + "\"]}")
                .ok();
        backend.post("/v1/lists/" + id + ":seal", "{\"parts\":1}").ok();
        return id;
    }

    // Whether center knows of the limit: the probe is called back at once.
    private static boolean held(Rest backend, String list) {
        String id = broadcast(backend, "Spring sale", "\"list\":\"" + list + "\"");
        boolean held = backend.get("/v1/broadcasts/" + id).ok().text("state").equals("held");
        backend.post("/v1/broadcasts/" + id + ":cancel", "{}").ok();
        return held;
    }

    // How many endpoints a broadcast of the product may have without approval; 0 = as many as there are.
    private static void largest(Product product, int endpoints) {
        try (Rest operator = product.operator()) {
            operator.post("/v1/apps/" + product.appId() + ":update", "{\"settings\":{\"broadcast_size\":"
                    + endpoints + "}}").ok();
        }
    }

    // Phones register all the time, so that a configuration which refuses them is seen to do harm.
    private void comeAndGo(Product product) {
        try {
            while (!ended.await(400, TimeUnit.MILLISECONDS)) {
                try {
                    Identity.register(product);
                } catch (IllegalStateException | UncheckedIOException refused) {
                    LOG.debug("refused", refused);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    // An hour for a handful of phones: it is under way as long as the browser looks.
    private static String broadcast(Rest backend, String scene) {
        return broadcast(backend, "Autumn sale " + scene, "\"pace\":{\"duration\":\"1h\"}");
    }

    private static String broadcast(Rest backend, String label, String how) {
        return backend.post("/v1/broadcasts", "{\"payload\":\"c2FsZQ==\",\"label\":\"" + label
                + "\",\"ttl\":\"2h\"," + how + "}").ok().text("broadcast_id");
    }

    private String dead(Product product, Rest backend) {
        Identity away = Identity.register(product);
        String id = backend.send(Mail.to(away.endpoint()).text("never acked")).ok().messageId();
        var unacked = EndItem.newBuilder().setKind(EndItem.Kind.UNACKED).setEndpointId(away.endpointId())
                .setMessageId(MessageId.parse(id)).setAppId(product.appId()).build();
        var center = platform.center();
        try (var saver = new SaverClient(center.rpc(), center.cluster())) {
            for (int i = 0; i < 10 && !backend.state(id, away.endpoint()).equals("dead"); i++) {
                saver.end(unacked).join();
            }
        }
        return id;
    }

    @Override
    public void close() {
        ended.countDown();
        phones.close();
        platform.close();
        Place.dropStores(data);
    }

    /** For whoever works at the pages: stays until it is ended, and tells where its file is. */
    public static void main(String[] args) throws Exception {
        var stage = new ConsoleStage();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stage::close));
        LOG.warn("the stage is up: {}", stage.write());
        new CountDownLatch(1).await();
    }
}
