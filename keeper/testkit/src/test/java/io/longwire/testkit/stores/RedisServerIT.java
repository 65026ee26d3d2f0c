package io.longwire.testkit.stores;

import io.longwire.testkit.process.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RedisServerIT {
    @TempDir
    Path directory;

    @Test
    void keepsWhatItAnsweredOverKillAndStop() throws IOException {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory))) {
            int port = redis.port();
            assertThat(RedisServer.ask(port, "SET message kept")).isEqualTo("+OK");

            long first = redis.pid();
            redis.kill();
            assertThat(redis.running()).isFalse();
            assertThat(Signal.alive(first)).isFalse();
            redis.restart();

            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.pid()).isNotEqualTo(first);
            assertThat(RedisServer.ask(port, "GET message")).isEqualTo("kept");
            redis.restart();
            assertThat(RedisServer.ask(port, "GET message")).isEqualTo("kept");
        }
    }

    @Test
    void losesEverythingWhenWipedAndStaysOnItsPort() throws IOException {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory))) {
            int port = redis.port();
            RedisServer.ask(port, "SET message gone");

            redis.wipe();

            assertThat(redis.port()).isEqualTo(port);
            assertThat(RedisServer.ask(port, "DBSIZE")).isEqualTo(":0");
        }
    }

    @Test
    void forgetsAtItsEndWithoutTheAppendOnlyFile() throws IOException {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory).appendOnly(false))) {
            RedisServer.ask(redis.port(), "SET message gone");
            redis.kill();
            redis.restart();
            assertThat(RedisServer.ask(redis.port(), "DBSIZE")).isEqualTo(":0");
        }
    }

    @Test
    void answersNothingWhileFrozenAndGoesOnAfterwards() throws IOException {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory))) {
            redis.freeze();
            assertThatThrownBy(() -> RedisServer.ask(redis.port(), "PING", 500))
                    .isInstanceOf(SocketTimeoutException.class);
            redis.thaw();
            assertThat(RedisServer.ask(redis.port(), "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void runsWithTheSettingsThePlatformNeedsAndTheCallersOwn() throws IOException {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory).config("maxmemory", "2mb"))) {
            int port = redis.port();
            // noeviction: a full server refuses instead of forgetting.
            String big = "x".repeat(60_000);
            String answer = "+OK";
            for (int i = 0; i < 100 && answer.equals("+OK"); i++) {
                answer = RedisServer.ask(port, "SET key" + i + " " + big);
            }
            assertThat(answer).startsWith("-OOM");
            assertThat(RedisServer.ask(port, "EXISTS key0")).isEqualTo(":1");
        }
    }

    @Test
    void packsAHashOf256FieldsOf4608Bytes() throws IOException {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory))) {
            int port = redis.port();
            RedisServer.ask(port, "HSET inbox 0 " + "x".repeat(4608));
            for (int field = 1; field < 256; field++) {
                RedisServer.ask(port, "HSET inbox " + field + " x");
            }
            assertThat(RedisServer.ask(port, "OBJECT ENCODING inbox")).containsAnyOf("ziplist", "listpack");
            RedisServer.ask(port, "HSET inbox 256 x");
            assertThat(RedisServer.ask(port, "OBJECT ENCODING inbox")).isEqualTo("hashtable");
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (var redis = RedisServer.start(RedisServer.Options.in(directory))) {
            assertThatThrownBy(() -> RedisServer.start(RedisServer.Options.in(directory)))
                    .isInstanceOf(StoreException.class).hasMessageMatching(
                            "directory: .* is in use \\(expected: one that no running process holds\\)");
            assertThat(redis.running()).isTrue();
        }
    }

    @Test
    void namesThePortThatIsTakenAndFreesTheDirectory() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var options = RedisServer.Options.in(directory).port(taken.getLocalPort());
            assertThatThrownBy(() -> RedisServer.start(options)).isInstanceOf(StoreException.class)
                    .hasMessage("redis port: " + taken.getLocalPort()
                            + " is taken (expected: one on 127.0.0.1 that nobody listens on)");
        }
        RedisServer.start(RedisServer.Options.in(directory)).close();
    }

    @Test
    void saysWhatTheServerSaidWhenItDoesNotStart() {
        var options = RedisServer.Options.in(directory).config("maxmemory-policy", "sometimes");
        assertThatThrownBy(() -> RedisServer.start(options)).isInstanceOf(StoreException.class)
                .hasMessageContaining("redis start: it ended with code 1 (expected: it runs)")
                .hasMessageContaining("maxmemory-policy");
    }

    @Test
    void doesNotEndAForeignProcessThatGotTheRecordedId() throws IOException {
        var foreign = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(directory.resolve("server.pid"), foreign.pid() + "\n");
            RedisServer.start(RedisServer.Options.in(directory)).close();
            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.destroyForcibly();
        }
    }
}
