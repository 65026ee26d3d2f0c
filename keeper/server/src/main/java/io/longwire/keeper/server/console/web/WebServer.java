package io.longwire.keeper.server.console.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.console.user.StoreAway;
import io.longwire.keeper.server.console.web.Refusal.Why;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The console's port. Each request runs on a virtual thread of its own, at most {@value #MOST} at once and
 * {@value #MOST_STREAMS} of them event streams ({@value #STREAMS_OF_SESSION} of a session); more are refused BUSY. What
 * nobody need be signed in for has {@value #MOST_OPEN} places, {@value #OPEN_OF_ADDRESS} for an address, so that
 * strangers do not shut others out. Each request has its time for being read and answered, a stream ten minutes (then
 * its browser opens it again); its connection is ended then, so that one that does not write or read holds no place. A
 * stream ends with its session, whatever it waits for.
 * Every answer carries the same strict headers: no inline script or style, no frame, nothing from elsewhere.
 * Thread-safe.
 */
public final class WebServer implements AutoCloseable {
    static final int MOST = 256;
    static final int MOST_STREAMS = 100;
    static final int STREAMS_OF_SESSION = 12;
    static final int MOST_OPEN = 64;
    static final int OPEN_OF_ADDRESS = 16;

    private static final Map<String, String> LIMITS = Map.of("sun.net.httpserver.maxReqTime", "30",
            "jdk.httpserver.maxConnections", "2000");
    static final Duration STREAM_LIFE = Duration.ofMinutes(10);
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("console-", 0).factory());
    private final Semaphore places = new Semaphore(MOST);
    private final Shares open = new Shares(MOST_OPEN, OPEN_OF_ADDRESS);
    private final Shares streams = new Shares(MOST_STREAMS, STREAMS_OF_SESSION);
    private final Guard guard;
    private final List<Route> routes;
    private final Callers callers;
    private final boolean tls;
    private final Clock clock;
    private final Metrics metrics;
    private final FoldedLog faults;

    /**
     * Where it listens.
     *
     * @param tls null = plain HTTP
     * @param callers whom it takes a request to be from
     */
    public record Listening(InetSocketAddress address, @Nullable SSLContext tls, Callers callers) {
    }

    /** The time that one request has. */
    private final class Limit implements AutoCloseable {
        private final HttpExchange exchange;
        private Clock.Cancellable end;

        Limit(HttpExchange exchange) {
            this.exchange = exchange;
            this.end = ending(Route.USUAL);
        }

        /** From now on. */
        void set(Duration time) {
            end.cancel();
            end = ending(time);
        }

        @Override
        public void close() {
            end.cancel();
        }

        private Clock.Cancellable ending(Duration time) {
            return clock.schedule(time, () -> threads.execute(exchange::close));
        }
    }

    /**
     * Binds and serves. Throws IOException if the port is taken.
     *
     * @param routes the first that fits counts
     */
    public WebServer(Listening listening, Guard guard, List<Route> routes, Clock clock, Metrics metrics)
            throws IOException {
        this.guard = guard;
        this.routes = List.copyOf(routes);
        this.callers = listening.callers;
        this.tls = listening.tls != null;
        this.clock = clock;
        this.metrics = metrics;
        this.faults = new FoldedLog(LoggerFactory.getLogger(WebServer.class), clock);
        this.server = listening.tls == null
                ? HttpServer.create(listening.address, 0)
                : secured(listening.address, listening.tls);
        metrics.gauge(ConsoleMetric.STREAMS, streams::taken);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * Sets what the JDK's HTTP server can only be told by system properties, unless they are set: 30 s for the head of
     * a request, 2,000 connections. To be called before the process has its first one.
     */
    public static void limitAll() {
        for (var limit : LIMITS.entrySet()) {
            if (System.getProperty(limit.getKey()) == null) {
                System.setProperty(limit.getKey(), limit.getValue());
            }
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static HttpServer secured(InetSocketAddress address, SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (var limit = new Limit(exchange); exchange) {
            headers(exchange.getResponseHeaders());
            if (!places.tryAcquire()) {
                write(exchange, shed("requests: " + MOST + " under way (expected: fewer)"));
                return;
            }
            Optional<Reply.Whole> refusal;
            try {
                refusal = serve(exchange, limit);
            } finally {
                places.release();
            }
            if (refusal.isPresent()) {
                write(exchange, refusal.get());
            }
        }
    }

    // Gives back what a stranger is refused with: written without a place, as he need not read it.
    private Optional<Reply.Whole> serve(HttpExchange exchange, Limit limit) throws IOException {
        Asked asked;
        Route route;
        try {
            asked = new Asked(exchange, callers);
            route = route(asked);
        } catch (Refusal refusal) {
            return Optional.of(Reply.problem(refusal));
        }
        limit.set(route.within());
        boolean anybody = route.least() == null;
        if (anybody && !open.take(asked.network())) {
            return Optional.of(shed("requests: " + OPEN_OF_ADDRESS + " of an address under way, or " + MOST_OPEN
                    + " in all, without a session (expected: fewer)"));
        }
        try {
            Reply reply = answer(asked, route);
            if (!anybody && asked.nobody() && reply instanceof Reply.Whole refusal) {
                return Optional.of(refusal);
            }
            switch (reply) {
                case Reply.Whole whole -> write(exchange, whole);
                case Reply.Events events -> stream(exchange, events, asked, limit);
            }
            return Optional.empty();
        } finally {
            if (anybody) {
                open.give(asked.network());
            }
        }
    }

    private Reply.Whole shed(String detail) {
        metrics.counter(ConsoleMetric.SHED).increment();
        return Reply.problem(Refusal.later(Why.BUSY, detail, Duration.ofSeconds(1)));
    }

    private Reply answer(Asked asked, Route route) {
        try {
            guard.enter(asked, route.least());
            return route.answering().answer(asked);
        } catch (Refusal refusal) {
            return Reply.problem(refusal);
        } catch (StoreAway away) {
            return Reply.problem(Refusal.later(Why.UNAVAILABLE, String.valueOf(away.getMessage()),
                    Duration.ofSeconds(2)));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return Reply.problem(Refusal.because(Why.UNAVAILABLE, "console: ends (expected: another keeper)"));
        } catch (IOException broken) {
            return Reply.problem(Refusal.because(Why.INVALID_ARGUMENT, "body: broken off (expected: all of it)"));
        } catch (Exception fault) {
            faults.error("a request failed", fault);
            return Reply.problem(Refusal.because(Why.INTERNAL, "a fault of the console; its log has it"));
        }
    }

    private Route route(Asked asked) {
        boolean otherMethod = false;
        for (Route route : routes) {
            Matcher path = route.path().matcher(asked.rawPath());
            if (!path.matches()) {
                continue;
            }
            if (route.method().equals(asked.method())) {
                asked.matched(path);
                return route;
            }
            otherMethod = true;
        }
        throw otherMethod
                ? Refusal.because(Why.METHOD_NOT_ALLOWED, "method: " + asked.method() + " (expected: another one)")
                : Refusal.because(Why.NOT_FOUND, "path: no such one (expected: one of the console's)");
    }

    private void write(HttpExchange exchange, Reply.Whole reply) throws IOException {
        metrics.counter(ConsoleMetric.REQUESTS, "status", reply.status() / 100 + "xx").increment();
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        reply.headers().forEach(headers::set);
        if (reply.body().length == 0) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        headers.set("Content-Type", reply.type());
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body());
    }

    private void stream(HttpExchange exchange, Reply.Events events, Asked asked, Limit limit) throws IOException {
        String session = asked.session().id();
        if (!streams.take(session)) {
            write(exchange, shed("streams: " + STREAMS_OF_SESSION + " of a session open, or " + MOST_STREAMS
                    + " in all (expected: fewer)"));
            return;
        }
        limit.set(STREAM_LIFE);
        metrics.counter(ConsoleMetric.REQUESTS, "status", "2xx").increment();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        try (OutputStream out = start(exchange)) {
            var stream = new EventStream(out);
            try (var _ = guard.watch(asked, stream::end)) {
                stream.run(events.work());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            return; // the browser went: the usual end of a stream
        } catch (Exception fault) {
            faults.error("an event stream failed", fault);
        } finally {
            streams.give(session);
        }
    }

    private static OutputStream start(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private void headers(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        if (tls) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
