package io.longwire.e2e.device;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longwire.device.dispatcher.RetryPolicy;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before the real dispatcher: passes registrations on, and sends phones to the addresses of the test, which are
 * those of its proxies.
 */
public final class RoutedDispatcher implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String real;
    private volatile List<InetSocketAddress> rooms;
    private volatile boolean tls;
    private volatile boolean ownBackoff;

    /** @param real "http://host:port" */
    public RoutedDispatcher(String real, List<InetSocketAddress> rooms) {
        this.real = real;
        this.rooms = List.copyOf(rooms);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
        server.setExecutor(threads);
        server.createContext("/v1/rooms", this::answerRooms);
        server.createContext("/v1/endpoints", this::passOn);
        server.start();
    }

    /** From now on phones are sent here. */
    public void route(List<InetSocketAddress> to) {
        rooms = List.copyOf(to);
    }

    /** From now on the rooms are ones with TLS. */
    public void tls() {
        tls = true;
    }

    /** From now on phones are not told when to try again, and go by what they know. At first they are hurried. */
    public void ownBackoff() {
        ownBackoff = true;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void answerRooms(HttpExchange exchange) throws IOException {
        var answer = Rooms.newBuilder().setTtlS(3600).setServerTimeMs(Clock.system().wallMillis());
        if (!ownBackoff) {
            answer.setRetry(RetryPolicy.newBuilder().setFirstWindowMs(100).setBaseMs(100).setCapMs(1000)
                    .setAskAgainMs(200));
        }
        for (InetSocketAddress room : rooms) {
            answer.addRooms(RoomAddress.newBuilder().setHost("127.0.0.1").setPort(room.getPort()).setTls(tls));
        }
        answer(exchange, 200, answer.build().toByteArray());
    }

    private void passOn(HttpExchange exchange) throws IOException {
        try {
            var response = http.send(HttpRequest.newBuilder(URI.create(real + "/v1/endpoints"))
                    .header("Content-Type", "application/x-protobuf").header("Accept", "application/x-protobuf")
                    .POST(BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes())).build(),
                    BodyHandlers.ofByteArray());
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
