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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The console's port. Each request runs on a virtual thread of its own, at most {@value #MOST} at once and
 * {@value #MOST_STREAMS} of them event streams; more are refused BUSY. A stream lives ten minutes, then its browser
 * opens it again, so that one that does not read cannot hold its place. Every answer carries the same strict headers:
 * no inline script or style, no frame, nothing from elsewhere. Thread-safe.
 */
public final class WebServer implements AutoCloseable {
    static final int MOST = 256;
    static final int MOST_STREAMS = 100;

    private static final Duration STREAM_LIFE = Duration.ofMinutes(10);
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("console-", 0).factory());
    private final Semaphore places = new Semaphore(MOST);
    private final Semaphore streams = new Semaphore(MOST_STREAMS);
    private final Guard guard;
    private final List<Route> routes;
    private final boolean tls;
    private final Clock clock;
    private final Metrics metrics;
    private final FoldedLog faults;

    /**
     * Binds and serves. Throws IOException if the port is taken.
     *
     * @param tls null = plain HTTP
     * @param routes the first that fits counts
     */
    public WebServer(InetSocketAddress address, @Nullable SSLContext tls, Guard guard, List<Route> routes, Clock clock,
            Metrics metrics) throws IOException {
        this.guard = guard;
        this.routes = List.copyOf(routes);
        this.tls = tls != null;
        this.clock = clock;
        this.metrics = metrics;
        this.faults = new FoldedLog(LoggerFactory.getLogger(WebServer.class), clock);
        this.server = tls == null ? HttpServer.create(address, 0) : secured(address, tls);
        metrics.gauge(ConsoleMetric.STREAMS, () -> MOST_STREAMS - streams.availablePermits());
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
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
        try (exchange) {
            headers(exchange.getResponseHeaders());
            if (!places.tryAcquire()) {
                metrics.counter(ConsoleMetric.SHED).increment();
                write(exchange, Reply.problem(Refusal.later(Why.BUSY, "requests: " + MOST
                        + " under way (expected: fewer)", Duration.ofSeconds(1))));
                return;
            }
            try {
                Reply reply = answer(exchange);
                switch (reply) {
                    case Reply.Whole whole -> write(exchange, whole);
                    case Reply.Events events -> stream(exchange, events);
                }
            } finally {
                places.release();
            }
        }
    }

    private Reply answer(HttpExchange exchange) {
        try {
            return route(new Asked(exchange));
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

    private Reply route(Asked asked) throws Exception {
        boolean otherMethod = false;
        for (Route route : routes) {
            Matcher path = route.path().matcher(asked.rawPath());
            if (!path.matches()) {
                continue;
            }
            if (route.method().equals(asked.method())) {
                asked.matched(path);
                guard.enter(asked, route.least());
                return route.answering().answer(asked);
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

    private void stream(HttpExchange exchange, Reply.Events events) throws IOException {
        if (!streams.tryAcquire()) {
            metrics.counter(ConsoleMetric.SHED).increment();
            write(exchange, Reply.problem(Refusal.later(Why.BUSY, "streams: " + MOST_STREAMS
                    + " open (expected: fewer)", Duration.ofSeconds(10))));
            return;
        }
        Clock.Cancellable end = clock.schedule(STREAM_LIFE, () -> threads.execute(exchange::close));
        metrics.counter(ConsoleMetric.REQUESTS, "status", "2xx").increment();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        try (OutputStream out = start(exchange)) {
            events.work().run(new EventStream(out));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            return; // the browser went: the usual end of a stream
        } catch (Exception fault) {
            faults.error("an event stream failed", fault);
        } finally {
            end.cancel();
            streams.release();
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
