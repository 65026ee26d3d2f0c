package io.longwire.bench.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How large the stores of a rig are. Used by one thread. */
public final class StoreSizes {
    private final Rig rig;

    public StoreSizes(Rig rig) {
        this.rig = rig;
    }

    /**
     * Bytes.
     *
     * @param redisMemory what Redis counts as used
     * @param redisLog its append-only files
     * @param ledgerFiles the table files of MariaDB
     */
    public record Sizes(long redisMemory, long redisLog, long ledgerFiles) {
        public Sizes minus(Sizes before) {
            return new Sizes(redisMemory - before.redisMemory, redisLog - before.redisLog,
                    ledgerFiles - before.ledgerFiles);
        }
    }

    public Sizes now() {
        Path home = rig.deployment().home();
        return new Sizes(redisMemory(), files(home.resolve("redis"), ".aof"), files(home.resolve("mysql"), ".ibd"));
    }

    private long redisMemory() {
        String[] address = rig.redis().split(":", -1);
        return redisMemory(address[0], Integer.parseInt(address[1]));
    }

    /** What the Redis there counts as used, in bytes. */
    public static long redisMemory(String host, int port) {
        try (var socket = new Socket(host, port)) {
            socket.getOutputStream().write("INFO memory\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return answer.lines().filter(line -> line.startsWith("used_memory:"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip())).findFirst()
                    .orElseThrow(() -> new IllegalStateException("INFO memory: no used_memory (expected: one)"));
        } catch (IOException away) {
            throw new UncheckedIOException("redis " + host + ":" + port, away);
        }
    }

    private static long files(Path root, String ending) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(ending)).mapToLong(StoreSizes::size).sum();
        } catch (IOException away) {
            throw new UncheckedIOException(root.toString(), away);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }
}
