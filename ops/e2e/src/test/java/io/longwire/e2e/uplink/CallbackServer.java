package io.longwire.e2e.uplink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A product's HTTP server that takes callbacks, checks their signature, and keeps the bodies of the events. */
public final class CallbackServer implements AutoCloseable {
    /** What the callbacks are signed with. */
    public static final String SECRET = "0123456789abcdef";

    private static final Pattern BODY = Pattern.compile("\"body\":\"([^\"]*)\"");

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> forged = new CopyOnWriteArrayList<>();
    private final AtomicInteger failing;
    private final HttpServer server;

    private CallbackServer(int failing) throws IOException {
        this.failing = new AtomicInteger(failing);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/events", this::take);
        server.start();
    }

    /** @param failing so many requests get 503 first */
    public static CallbackServer start(int failing) {
        try {
            return new CallbackServer(failing);
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
    }

    /** What came, in its order, of requests that were taken. */
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** Requests that were signed with something else. */
    public List<String> forged() {
        return List.copyOf(forged);
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean fails = failing.getAndDecrement() > 0;
        if (!exchange.getRequestHeaders().getFirst("Longwire-Signature").equals("v1=" + hmac(exchange, body))) {
            forged.add(body);
        }
        if (!fails) {
            bodies.addAll(bodies(body));
        }
        exchange.sendResponseHeaders(fails ? 503 : 204, -1);
        exchange.close();
    }

    /** The bodies of events, of a request or of a poll's answer. */
    static List<String> bodies(String json) {
        return BODY.matcher(json).results()
                .map(one -> new String(Base64.getDecoder().decode(one.group(1)), StandardCharsets.UTF_8)).toList();
    }

    private static String hmac(HttpExchange exchange, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            mac.update((exchange.getRequestHeaders().getFirst("Longwire-Timestamp") + "."
                    + exchange.getRequestHeaders().getFirst("Longwire-Events") + "." + body)
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
