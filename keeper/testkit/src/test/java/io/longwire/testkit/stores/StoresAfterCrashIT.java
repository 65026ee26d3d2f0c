package io.longwire.testkit.stores;

import io.longwire.testkit.process.JavaProcess;
import io.longwire.testkit.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What remains of stores whose platform was killed, and what the next start makes of it. */
final class StoresAfterCrashIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void dieWithTheirPlatform() {
        for (String kind : new String[]{"redis", "mariadb"}) {
            long store = storeOfKilledPlatform(kind, "die");
            Awaitility.await().untilAsserted(() -> assertThat(Signal.alive(store)).as(kind).isFalse());
        }
    }

    @Test
    void endsAnOrphanedRedisAndStartsWithItsData() throws IOException {
        long orphan = storeOfKilledPlatform("redis", "survive");
        assertThat(Signal.alive(orphan)).isTrue();
        try (var server = RedisServer.start(RedisServer.Options.in(directory.resolve("redis")))) {
            assertThat(Signal.alive(orphan)).isFalse();
            assertThat(server.pid()).isNotEqualTo(orphan);
            assertThat(RedisServer.ask(server.port(), "STRLEN message")).isEqualTo(":4");
        }
    }

    @Test
    void endsAnOrphanThatIsFrozenToo() {
        long orphan = storeOfKilledPlatform("redis", "survive");
        Signal.freeze(orphan);
        RedisServer.start(RedisServer.Options.in(directory.resolve("redis"))).close();
        assertThat(Signal.alive(orphan)).isFalse();
    }

    @Test
    void endsAnOrphanedMariaDbAndStartsWithItsData() throws SQLException {
        long orphan = storeOfKilledPlatform("mariadb", "survive");
        assertThat(Signal.alive(orphan)).isTrue();
        var options = MariaDbServer.Options.in(directory.resolve("mariadb"), "secret");
        try (var server = MariaDbServer.start(options);
                var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id FROM msg")) {
            assertThat(Signal.alive(orphan)).isFalse();
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(7);
        }
    }

    @Test
    void leavesTheStoresOfALivingPlatformAlone() {
        try (var platform = platform("redis", "die")) {
            long store = store(platform);
            assertThatThrownBy(() -> RedisServer.start(RedisServer.Options.in(directory.resolve("redis"))))
                    .isInstanceOf(StoreException.class).hasMessageContaining("is in use");
            assertThat(Signal.alive(store)).isTrue();
        }
    }

    /** Unpacks 320 MB once, whoever comes first. */
    @Test
    @Tag("full")
    void unpacksOnceForTwoPlatformsThatStartTogether() {
        var cache = directory.resolve("cache").toString();
        try (var first = JavaProcess.start(options("mariadb", "one", "die").environment("LONGWIRE_CACHE", cache));
                var second = JavaProcess.start(options("mariadb", "two", "die").environment("LONGWIRE_CACHE", cache))) {
            assertThat(Signal.alive(store(first))).isTrue();
            assertThat(Signal.alive(store(second))).isTrue();
        }
        assertThat(directory.resolve("cache")).isDirectoryNotContaining(file -> file.toString().endsWith(".new"));
    }

    private long storeOfKilledPlatform(String kind, String fate) {
        try (var platform = platform(kind, fate)) {
            long store = store(platform);
            platform.kill9();
            return store;
        }
    }

    private JavaProcess platform(String kind, String fate) {
        return JavaProcess.start(options(kind, kind, fate));
    }

    private JavaProcess.Options options(String kind, String name, String fate) {
        return JavaProcess.Options.of(StoresMain.class, directory.resolve(name + "-output"))
                .arguments(kind, directory.resolve(name).toString(), fate);
    }

    private static long store(JavaProcess platform) {
        return Long.parseLong(platform.awaitLine("store (\\d+) is up", LIMIT).group(1));
    }
}
