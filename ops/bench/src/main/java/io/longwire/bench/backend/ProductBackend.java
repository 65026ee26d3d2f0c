package io.longwire.bench.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.keeper.clock.Clock;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A product's backend on loopback, written byte by byte so that it can answer badly in every way. A virtual thread for
 * each connection. Thread-safe.
 */
public final class ProductBackend implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NO_HTTP = "what?\r\nis this\r\n\r\n";
    private static final int BACKLOG = 200;
    private static final long SLOW_MILLIS = 1_000;

    private final Function<Delivery, Mood> mood;
    private final Consumer<Delivery> taken;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile int pushPace = -1;

    /**
     * Listens from now on.
     *
     * @param mood asked for each request, on its thread
     * @param taken told of each that was taken, before the answer goes out, on its thread
     */
    public ProductBackend(Function<Delivery, Mood> mood, Consumer<Delivery> taken) {
        this.mood = mood;
        this.taken = taken;
        try {
            this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
        threads.execute(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/events";
    }

    /** From now on it asks for so many messages a second with each answer that it gives; negative = it does not ask. */
    public void pushPace(int perSecond) {
        pushPace = perSecond;
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
            Delivery got = read(in);
            while (got != null && answer(socket, got)) {
                got = read(in);
            }
        } catch (IOException gone) {
            return; // the coordinator had enough
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    // Whether the connection takes another request.
    private boolean answer(Socket socket, Delivery got) throws IOException, InterruptedException {
        Mood now = mood.apply(got);
        if (now == Mood.SLOW && closing.await(SLOW_MILLIS, TimeUnit.MILLISECONDS)) {
            return false;
        }
        if (now.takes()) {
            taken.accept(got);
        }
        switch (now) {
            case WELL, SLOW -> write(socket, "204 No Content", "");
            case FAILS -> write(socket, "500 Internal Server Error", "");
            case REDIRECTS -> write(socket, "307 Temporary Redirect", "location: " + url() + "\r\n");
            case GARBAGE -> socket.getOutputStream().write(NO_HTTP.getBytes(StandardCharsets.US_ASCII));
            case HANGS -> closing.await();
            case CUTS -> {
                return false;
            }
        }
        return now != Mood.GARBAGE && now != Mood.HANGS;
    }

    private void write(Socket socket, String status, String header) throws IOException {
        int asked = pushPace;
        socket.getOutputStream().write(("HTTP/1.1 " + status + "\r\n" + header
                + (asked < 0 ? "" : "push-pace: " + asked + "\r\n")
                + (status.startsWith("204") ? "\r\n" : "content-length: 0\r\n\r\n"))
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static @Nullable Delivery read(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        var headers = new TreeMap<String, String>();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c != '\n') {
                line.write(c);
                continue;
            }
            String text = line.toString(StandardCharsets.US_ASCII).strip();
            line.reset();
            int colon = text.indexOf(':');
            if (text.isEmpty()) {
                return delivery(headers, in.readNBytes(number(headers, "content-length")));
            }
            if (colon > 0 && !text.startsWith("POST ")) {
                headers.put(text.substring(0, colon).toLowerCase(Locale.ROOT), text.substring(colon + 1).strip());
            }
        }
        return null;
    }

    private static Delivery delivery(Map<String, String> headers, byte[] body) throws IOException {
        long nanos = Clock.system().nanos();
        List<Delivery.Event> events = new ArrayList<>();
        for (JsonNode event : JSON.readTree(body).path("events")) {
            events.add(new Delivery.Event(event.path("event_id").asText(), event.path("endpoint").asText(),
                    event.path("seq").asLong(), event.path("attempt").asInt(), event.path("body").binaryValue()));
        }
        return new Delivery(number(headers, "longwire-app"), number(headers, "longwire-partition"),
                number(headers, "longwire-attempt"), events, nanos);
    }

    private static int number(Map<String, String> headers, String name) {
        return Integer.parseInt(headers.getOrDefault(name, "0"));
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
