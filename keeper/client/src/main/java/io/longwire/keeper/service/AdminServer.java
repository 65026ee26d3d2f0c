package io.longwire.keeper.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The port for operators: /healthz (may it be given work), /livez (does it run at all; a part that waits for ZooKeeper
 * does, and is not to be killed), /metrics, /config, /threads. Plain HTTP; keep it off public networks.
 */
final class AdminServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());

    /** Binds and serves. Throws IOException if the port is taken. */
    AdminServer(InetSocketAddress address, Map<String, String> about, Health health, Supplier<String> metrics,
            Supplier<String> config) throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext("/healthz", exchange -> {
            Health.Report report = health.report();
            answer(exchange, report.fine() ? 200 : 503, "application/json", json(about, report));
        });
        page("/livez", "text/plain; charset=utf-8", () -> "alive\n");
        page("/metrics", "text/plain; version=0.0.4; charset=utf-8", metrics);
        page("/config", "application/yaml", config);
        page("/threads", "text/plain; charset=utf-8", AdminServer::dump);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void page(String path, String type, Supplier<String> text) {
        server.createContext(path, exchange -> answer(exchange, 200, type, text.get()));
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String json(Map<String, String> about, Health.Report report) {
        var json = new StringBuilder("{\"status\": ").append(quoted(report.fine() ? "ok" : "failing"))
                .append(", \"phase\": ").append(quoted(report.phase()));
        about.forEach((key, value) -> json.append(", ").append(quoted(key)).append(": ").append(quoted(value)));
        json.append(", \"checks\": {");
        String comma = "";
        for (var finding : report.findings().entrySet()) {
            json.append(comma).append(quoted(finding.getKey())).append(": ")
                    .append(quoted(finding.getValue().isEmpty() ? "ok" : finding.getValue()));
            comma = ", ";
        }
        return json.append("}}\n").toString();
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String dump() {
        var text = new StringBuilder();
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            text.append('"').append(thread.getThreadName()).append("\" ").append(thread.getThreadState()).append('\n');
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append("    at ").append(frame).append('\n');
            }
            text.append('\n');
        }
        return text.toString();
    }
}
