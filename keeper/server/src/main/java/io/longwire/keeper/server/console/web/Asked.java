package io.longwire.keeper.server.console.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.longwire.keeper.server.console.session.Session;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** One request. Used by its own thread. */
public final class Asked {
    /** The cookie of a session. */
    public static final String COOKIE = "lw_console";
    private static final int MOST_BODY_BYTES = 256 * 1024;
    private static final int MOST_OF_NOBODY = 4 * 1024;

    private final HttpExchange exchange;
    private final String address;
    private final String network;
    private final Map<String, String> query;
    private @Nullable Session session;
    private @Nullable Matcher path;
    private byte @Nullable [] body;

    Asked(HttpExchange exchange, Callers callers) {
        this.exchange = exchange;
        this.address = callers.address(exchange.getRemoteAddress().getAddress(),
                exchange.getRequestHeaders().getOrDefault("X-Forwarded-For", List.of()));
        this.network = Callers.network(address);
        this.query = query(exchange.getRequestURI().getRawQuery());
    }

    public String method() {
        return exchange.getRequestMethod();
    }

    /** As it was asked, percent signs and all. */
    public String rawPath() {
        return exchange.getRequestURI().getRawPath();
    }

    /** A variable of the route's path, as it was asked. */
    public String variable(int number) {
        Matcher matched = path;
        if (matched == null) {
            throw new IllegalStateException("no route yet");
        }
        return matched.group(number);
    }

    /** Parameters of the query, each once, decoded. */
    public Map<String, String> query() {
        return query;
    }

    /** The header, or an empty text. */
    public String header(String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** Host of the browser: {@link Callers}. */
    public String address() {
        return address;
    }

    /** What limits count that host as: {@link Callers#network}. */
    public String network() {
        return network;
    }

    /** Who asks. Only of routes that need a role. */
    public Session session() {
        Session known = session;
        if (known == null) {
            throw new IllegalStateException("nobody is signed in");
        }
        return known;
    }

    /** "name@address" for the audit log. */
    public String origin() {
        return session().user() + "@" + address();
    }

    /** The value of the console's cookie, if the request has one. */
    public Optional<String> cookie() {
        for (String header : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String cookie : header.split(";", -1)) {
                String[] pair = cookie.strip().split("=", 2);
                if (pair.length == 2 && pair[0].equals(COOKIE) && !pair[1].isEmpty()) {
                    return Optional.of(pair[1]);
                }
            }
        }
        return Optional.empty();
    }

    /** The body, read once. Throws {@link Refusal} TOO_LARGE beyond 256 KiB, or 4 KiB while nobody is signed in. */
    public byte[] body() throws IOException {
        byte[] read = body;
        if (read == null) {
            int most = session == null ? MOST_OF_NOBODY : MOST_BODY_BYTES;
            read = exchange.getRequestBody().readNBytes(most + 1);
            if (read.length > most) {
                throw Refusal.because(Refusal.Why.TOO_LARGE, "body: more than " + most
                        + " bytes (expected: fewer)");
            }
            body = read;
        }
        return read;
    }

    /** The body as a JSON object. Throws {@link Refusal} if it is none. */
    public ObjectNode json() throws IOException {
        return Json.read(body());
    }

    /** Whether nobody is signed in, as far as the door has found out. */
    boolean nobody() {
        return session == null;
    }

    void matched(Matcher matched) {
        path = matched;
    }

    void signedIn(Session who) {
        session = who;
    }

    private static Map<String, String> query(@Nullable String raw) {
        var query = new LinkedHashMap<String, String>();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String part : raw.split("&", -1)) {
            String[] pair = part.split("=", 2);
            String name = decoded(pair[0]);
            if (query.put(name, pair.length == 2 ? decoded(pair[1]) : "") != null) {
                throw Refusal.invalid(name, "given twice", "once");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw Refusal.invalid("query", text, "percent signs with two hexadecimal digits");
        }
    }
}
