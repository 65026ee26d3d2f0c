package io.longwire.coordinator;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A product's backend, byte by byte, so that it can answer badly in every way. */
final class MockBackend implements AutoCloseable {
    /** All taken, said in the shortest way. */
    static final Reply TAKEN = Reply.of(204, "", "");
    /** The connection is cut. */
    static final Reply CUT = new Reply(new byte[0], false, true, false);
    /** Nothing ever comes. */
    static final Reply HANG = new Reply(new byte[0], false, false, true);
    private static final Pattern EVENT = Pattern
            .compile("\"event_id\":\"([^\"]*)\".*?\"seq\":(\\d+).*?\"body\":\"([^\"]*)\".*?\"attempt\":(\\d+)");

    final List<Got> asked = new CopyOnWriteArrayList<>();
    /** Those it has taken, as the coordinator was told. */
    final List<Got> taken = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<Got, Reply> answers = got -> TAKEN;

    /** A request. */
    record Got(String path, Map<String, String> headers, byte[] body, long nanos) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        List<Event> events() {
            var events = new ArrayList<Event>();
            Matcher each = EVENT.matcher(new String(body, StandardCharsets.UTF_8));
            while (each.find()) {
                events.add(new Event(each.group(1), Long.parseLong(each.group(2)),
                        new String(Base64.getDecoder().decode(each.group(3)), StandardCharsets.UTF_8),
                        Integer.parseInt(each.group(4))));
            }
            return events;
        }
    }

    /** An event in a request. */
    record Event(String id, long seq, String text, int attempt) {
    }

    /**
     * What it answers.
     *
     * @param takes whether the backend has the events by that
     */
    record Reply(byte[] bytes, boolean takes, boolean cuts, boolean hangs) {
        static Reply of(String bytes) {
            return new Reply(bytes.getBytes(StandardCharsets.UTF_8), false, false, false);
        }

        static Reply of(int status, String headers, String body) {
            return new Reply(("HTTP/1.1 " + status + " Whatever\r\ncontent-length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + headers + "\r\n" + body)
                    .getBytes(StandardCharsets.UTF_8), (status / 100 == 2 && body.isEmpty()) || body.contains("retry"),
                    false, false);
        }
    }

    MockBackend() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
        threads.execute(this::accept);
    }

    MockBackend answering(Function<Got, Reply> with) {
        answers = with;
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/events?a=b";
    }

    int port() {
        return server.getLocalPort();
    }

    /** What it has taken, in its order. */
    List<String> texts() {
        return taken.stream().flatMap(got -> got.events().stream()).map(Event::text).toList();
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket; var in = new BufferedInputStream(socket.getInputStream())) {
            for (Got got = read(in); got != null; got = read(in)) {
                asked.add(got);
                Reply reply = answers.apply(got);
                if (reply.hangs) {
                    closing.await();
                }
                if (reply.takes) {
                    taken.add(got);
                }
                if (reply.cuts || reply.hangs) {
                    return;
                }
                socket.getOutputStream().write(reply.bytes);
            }
        } catch (IOException gone) {
            return; // the coordinator had enough
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Got read(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        var headers = new TreeMap<String, String>();
        String path = "";
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c != '\n') {
                line.write(c);
                continue;
            }
            String text = line.toString(StandardCharsets.US_ASCII).strip();
            line.reset();
            if (text.isEmpty()) {
                byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                return new Got(path, headers, body, io.longwire.keeper.clock.Clock.system().nanos());
            }
            if (path.isEmpty()) {
                path = text.split(" ", 3)[1];
            } else {
                headers.put(text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT),
                        text.substring(text.indexOf(':') + 1).strip());
            }
        }
        return null;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        threads.shutdownNow();
    }
}
