package io.longwire.keeper.server.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.process.DrainRequest;
import io.longwire.rpc.process.DrainState;
import io.longwire.rpc.process.ProcessGrpc;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.SaverGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a console speaks to beside ZooKeeper: a saver that keeps the audit log, a center, a room; as members. */
final class Neighbours implements AutoCloseable {
    final List<AuditRecord> audit = new CopyOnWriteArrayList<>();
    final List<Called> center = new CopyOnWriteArrayList<>();
    final List<DrainRequest> drained = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private final List<Service> services;

    /** A call as center saw it. */
    record Called(String method, String uri, String authorization, String operator, String app, String body) {
    }

    Neighbours(Map<String, Object> service) throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
        services = List.of(start("saver", service, one -> one.serve(new SaverGrpc.SaverImplBase() {
            @Override
            public void addAudit(AuditRecord record, StreamObserver<AuditRecord> answer) {
                audit.add(record);
                answer.onNext(record);
                answer.onCompleted();
            }
        })), start("room", service, one -> one.serve(new ProcessGrpc.ProcessImplBase() {
            @Override
            public void drain(DrainRequest request, StreamObserver<DrainState> answer) {
                drained.add(request);
                answer.onNext(DrainState.newBuilder().setBegun(true).setBeganMs(7).build());
                answer.onCompleted();
            }
        })), start("center", service, one -> one.cluster()
                .publish(Map.of("api", "127.0.0.1:" + http.getAddress().getPort()))));
    }

    private static Service start(String part, Map<String, Object> service,
            java.util.function.Consumer<Service> wiring) {
        return Service.start(part, ConfigNode.of(Map.of("service", service)), root -> root,
                (one, config) -> wiring.accept(one), HaltPoints.none());
    }

    String room() {
        return services.get(1).cluster().self().instance();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            center.add(new Called(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                    String.valueOf(headers.getFirst("Authorization")),
                    String.valueOf(headers.getFirst("Longwire-Operator")),
                    String.valueOf(headers.getFirst("Longwire-App")), body));
            boolean gone = exchange.getRequestURI().getPath().endsWith("/4040404040404");
            byte[] json = (gone ? "{\"code\":\"unknown_message\",\"detail\":\"no\"}" : "{\"fine\":true}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(gone ? 404 : 200, json.length);
            exchange.getResponseBody().write(json);
        }
    }

    @Override
    public void close() {
        services.forEach(Service::close);
        http.stop(0);
    }
}
