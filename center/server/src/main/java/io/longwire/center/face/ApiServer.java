package io.longwire.center.face;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.docs.DocService;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.longwire.center.CenterConfig;
import io.longwire.center.access.CallerAddress;
import io.longwire.center.api.Calls;
import io.longwire.center.openapi.OpenApi;
import io.longwire.center.rest.HttpRule;
import io.longwire.center.rest.Incoming;
import io.longwire.center.rest.RestFace;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.StartFailure;
import io.longwire.rpc.center.CenterOuterClass;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * The API's port. Calls under way may finish, for two seconds, when it closes. One owner; the calls run on its
 * event loops and on the threads that bring the parts' answers.
 */
public final class ApiServer implements AutoCloseable {
    /** The service as its .proto says. */
    public static final ServiceDescriptor SERVICE = CenterOuterClass.getDescriptor().findServiceByName("Center");

    private static final Duration LAST_CALLS = Duration.ofSeconds(2);
    private static final int MAX_CONNECTIONS = 10_000;

    private final Server server;

    private ApiServer(Server server) {
        this.server = server;
    }

    /**
     * Binds and serves. Throws StartFailure when the port is taken.
     *
     * @param live of which the time of a call, the bytes of all bodies and the balancers are followed
     */
    public static ApiServer start(Live<CenterConfig> live, Calls calls, Clock clock, Metrics metrics) {
        CenterConfig config = live.get();
        List<HttpRule> rules = HttpRule.of(SERVICE);
        var incoming = new Incoming(new CallerAddress(() -> live.get().balancers()));
        var grpc = GrpcService.builder().addService(new GrpcFace(calls, incoming, clock, metrics).service())
                .addService(ProtoReflectionServiceV1.newInstance())
                .maxRequestMessageLength(Math.toIntExact(config.maxBodyBytes())).build();
        var budget = BodyBudget.of(() -> live.get().maxBodiesBytes(), metrics)
                .andThen(next -> (HttpService) new CallTime(next, () -> live.get().requestTimeout()));
        Server server = Server.builder().http(new InetSocketAddress(config.bind(), config.apiPort()))
                .service(grpc, budget)
                .serviceUnder("/v1/", budget.apply(new RestFace(rules, calls, incoming, clock, metrics)))
                .service("/openapi.json", fixed(MediaType.JSON, OpenApi.json(SERVICE, rules)))
                .service("/docs", fixed(MediaType.HTML_UTF_8, OpenApi.page()))
                .serviceUnder("/internal/docs", new DocService())
                .errorHandler(new ServerFaults())
                .maxNumConnections(MAX_CONNECTIONS).requestTimeout(config.requestTimeout())
                .maxRequestLength(config.maxBodyBytes())
                .gracefulShutdownTimeout(Duration.ZERO, LAST_CALLS).disableServerHeader()
                .unloggedExceptionsReportIntervalMillis(0).build();
        try {
            server.start().join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new StartFailure("apiPort: " + config.bind() + ":" + config.apiPort()
                    + " cannot be bound (expected: a free port); " + cause.getMessage(), cause);
        }
        return new ApiServer(server);
    }

    public int port() {
        return server.activeLocalPort();
    }

    @Override
    public void close() {
        server.stop().join();
    }

    private static HttpService fixed(MediaType type, byte[] content) {
        return (context, request) -> HttpResponse.of(HttpStatus.OK, type, HttpData.wrap(content));
    }
}
