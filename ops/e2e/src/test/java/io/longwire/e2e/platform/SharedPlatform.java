package io.longwire.e2e.platform;

import io.longwire.cli.platform.Around;
import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Testing;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.service.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A platform in this JVM, for all test classes that leave it whole: started at the first question, ended with the JVM.
 * Each class takes apps of its own.
 */
public final class SharedPlatform {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPlatform.class);

    private final Platform platform;
    private final Path data;
    private final Product demo;
    private final AtomicInteger apps = new AtomicInteger();

    private SharedPlatform(Platform platform, Path data) {
        this.platform = platform;
        this.data = data;
        this.demo = Product.demo(platform.demoApp());
    }

    private static final class Holder {
        private static final SharedPlatform SHARED = start("shared", 2);
    }

    private static final class OneRoom {
        private static final SharedPlatform SHARED = start("one-room", 1);
    }

    /** The platform of this JVM, of two rooms. */
    public static SharedPlatform get() {
        return Holder.SHARED;
    }

    /** One of a single room, which therefore names no other to phones: they stay on the way a test gives them. */
    public static SharedPlatform oneRoom() {
        return OneRoom.SHARED;
    }

    private static SharedPlatform start(String name, int rooms) {
        Path data = Place.fresh(name);
        var platform = Platform.start(PlatformOptions.in(data).rooms(rooms).testing(new Testing(false, List.of(),
                List.of("all.service.session=6s", "all.service.drain=0s", "keeper.holdDown=500ms"),
                Around.NOTHING)), LOG::info);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("platform-end").unstarted(() -> {
            platform.close();
            Place.dropStores(data);
        }));
        return new SharedPlatform(platform, data);
    }

    public Platform platform() {
        return platform;
    }

    /** Its data directory. */
    public Path data() {
        return data;
    }

    /** A new app of its own. */
    public Product app() {
        return demo.another("app-" + apps.incrementAndGet());
    }

    /**
     * Waits until every process stands in ZooKeeper under a session that lasts and sees every other so: for a class
     * that took ZooKeeper away and leaves it whole for the next.
     */
    public void awaitWhole(Duration atMost) {
        Awaitility.await().atMost(atMost).untilAsserted(() -> assertThat(lacking()).isEmpty());
    }

    private List<String> lacking() {
        var lacking = new ArrayList<String>();
        for (Service one : services()) {
            HttpResponse<String> health = get(one, "/healthz");
            if (health.statusCode() != 200) {
                lacking.add(health.body());
            }
            for (Service other : services()) {
                Member self = other.cluster().self();
                Members seen = one.cluster().members(self.part());
                if (seen.list().stream().noneMatch(member -> member.index() == self.index()
                        && member.instance().equals(self.instance()))) {
                    lacking.add(one.cluster().self() + " sees " + seen + ", not " + self);
                }
            }
        }
        return lacking;
    }

    private List<Service> services() {
        return Stream.of(List.of(platform.keeperService(), platform.saver(), platform.coordinator(), platform.center(),
                platform.dispatcherService()), platform.registers(), platform.rooms()).flatMap(List::stream).toList();
    }

    /** Where a room takes phones, "tcp" or "tls". */
    public InetSocketAddress listener(int room, String kind) {
        return listener(platform.rooms().get(room), kind);
    }

    /** Where a room takes phones, "tcp" or "tls". */
    public static InetSocketAddress listener(Service room, String kind) {
        for (String one : room.cluster().self().attributes().getOrDefault("listen", "").split(",", -1)) {
            if (one.startsWith(kind + "://")) {
                URI uri = URI.create(one);
                return new InetSocketAddress(uri.getHost(), uri.getPort());
            }
        }
        throw new IllegalStateException("listener: " + kind + " (expected: one of " + room.cluster().self() + ")");
    }

    /** A metric by its name in the code, summed over its tags, as the admin port tells it; 0 = never touched. */
    public static double metric(Service service, String id) {
        String name = "longwire_" + id;
        return scrape(service).lines().filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    /** All metrics of a service. */
    public static String scrape(Service service) {
        return get(service, "/metrics").body();
    }

    private static HttpResponse<String> get(Service service, String page) {
        try (var http = HttpClient.newHttpClient()) {
            String address = service.cluster().self().adminAddress();
            return http.send(HttpRequest.newBuilder(URI.create("http://" + address + page)).build(),
                    BodyHandlers.ofString());
        } catch (IOException away) {
            throw new UncheckedIOException(away);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
