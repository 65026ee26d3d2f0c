package io.longwire.testkit.stores;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A real Redis on loopback. The program is what {@code LONGWIRE_REDIS_SERVER} names, else {@code redis-server} of PATH,
 * else the bundled 6.2. It runs as the platform needs it: {@code noeviction}, and hashes packed up to 256 fields of
 * 4,608 bytes. With the append-only file what was answered survives {@link #kill} (a crash of the machine may take the
 * last second); without it the data ends with the process. Thread-safe; every method blocks until it is done.
 */
public final class RedisServer extends StoreServer {
    /** How to start one. {@code config} adds to or replaces settings by name ("maxmemory" to "64mb"). */
    public record Options(Path directory, int port, boolean appendOnly, boolean diesWithParent,
            Map<String, String> config) {
        public Options {
            config = Map.copyOf(config);
        }

        /** In this directory, on any free port, with the append-only file, dying with this process. */
        public static Options in(Path directory) {
            return new Options(directory, 0, true, true, Map.of());
        }

        /** On this port of 127.0.0.1; 0 takes a free one. */
        public Options port(int number) {
            return new Options(directory, number, appendOnly, diesWithParent, config);
        }

        /** Whether the data survives the process. */
        public Options appendOnly(boolean on) {
            return new Options(directory, port, on, diesWithParent, config);
        }

        /** Whether the server is killed when this process dies without stopping it. */
        public Options diesWithParent(boolean on) {
            return new Options(directory, port, appendOnly, on, config);
        }

        /** One more setting. */
        public Options config(String name, String value) {
            var more = new LinkedHashMap<>(config);
            more.put(name, value);
            return new Options(directory, port, appendOnly, diesWithParent, more);
        }
    }

    private static final int ANSWER_MILLIS = 10_000; // a busy disk holds an answer up
    private static final int READY_MILLIS = 500;

    private RedisServer(StoreLifecycle lifecycle) {
        super(lifecycle);
    }

    /**
     * Starts it with the data the directory holds; returns when it answers. Ends a server that a crash left running
     * there.
     *
     * @throws StoreException the directory is in use, the port taken, or there is no program that runs here
     */
    public static RedisServer start(Options options) {
        return new RedisServer(StoreLifecycle.start(new Recipe(program(), options), options.directory(),
                options.port(), options.diesWithParent()));
    }

    private static Path program() {
        var installed = ServerBinary.installed("LONGWIRE_REDIS_SERVER", "redis-server");
        return installed != null ? installed : bundled();
    }

    private static Path bundled() {
        String machine = "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
        var jar = BundledJar.having("redis/embedded/");
        var entry = jar == null ? null : jar.find(Pattern.compile("redis-server-.*-linux-" + machine));
        if (jar == null || entry == null) {
            throw new StoreException("redis-server: none (expected: on PATH, named by LONGWIRE_REDIS_SERVER, "
                    + "or the embedded-redis jar on the class path)");
        }
        String key = entry.getName() + "-" + Long.toHexString(entry.getCrc());
        return StoreCache.entry(key, directory -> jar.unpack(entry, directory.resolve("redis-server")))
                .resolve("redis-server");
    }

    /** As Lettuce takes it: {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://" + host() + ":" + port();
    }

    /** Sends one inline command and returns its answer's first line, or the text. Opens a connection for it. */
    static String ask(int port, String command) throws IOException {
        return ask(port, command, ANSWER_MILLIS);
    }

    /** The same; throws SocketTimeoutException when the connection or a byte of the answer takes longer than that. */
    static String ask(int port, String command, int millis) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var in = socket.getInputStream();
            String first = line(in);
            return first.startsWith("$") && !first.equals("$-1") ? line(in) : first;
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private record Recipe(Path program, Options options) implements StoreLifecycle.Recipe {
        @Override
        public String name() {
            return "redis";
        }

        @Override
        public void prepare(StoreDirectory directory) throws IOException {
            Files.createDirectories(directory.data());
        }

        @Override
        public List<String> command(StoreDirectory directory, int port) {
            var settings = new LinkedHashMap<String, String>();
            settings.put("bind", "127.0.0.1");
            settings.put("dir", directory.data().toString());
            settings.put("save", "");
            settings.put("appendonly", options.appendOnly() ? "yes" : "no");
            settings.put("appendfsync", "everysec");
            settings.put("maxmemory", "1gb");
            settings.put("maxmemory-policy", "noeviction");
            settings.put("hash-max-ziplist-value", "4608");
            settings.put("hash-max-ziplist-entries", "256");
            settings.putAll(options.config());
            settings.put("port", Integer.toString(port));
            var words = new ArrayList<String>();
            words.add(program.toString());
            settings.forEach((name, value) -> words.addAll(List.of("--" + name, value)));
            return words;
        }

        @Override
        public boolean ready(int port) {
            try {
                String answer = ask(port, "PING", READY_MILLIS);
                // While it loads its file it answers -LOADING; with a password it answers -NOAUTH, and is ready.
                return answer.equals("+PONG") || answer.startsWith("-NOAUTH");
            } catch (IOException notYet) {
                return false;
            }
        }
    }
}
