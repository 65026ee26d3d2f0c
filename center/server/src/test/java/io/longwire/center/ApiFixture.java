package io.longwire.center;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.center.access.KeyText;
import io.longwire.center.face.ApiServer;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.fakes.FakeBroadcastRooms;
import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeFeedback;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.fakes.FakeOutlets;
import io.longwire.center.fakes.FakeService;
import io.longwire.center.schedule.Firing;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.testkit.config.RunningConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** The API's port over real sockets, with made neighbours behind it: app 3 with a key. */
final class ApiFixture implements AutoCloseable {
    static final EndpointId ENDPOINTS = FakeService.endpointIds();
    static final String ENDPOINT = ENDPOINTS.text(3, 4711);
    static final int QUOTA = 100_000;

    final FakeNeighbours parts = new FakeNeighbours();
    final FakeService service = new FakeService();
    final FakeArchive archive = new FakeArchive(Clock.system());
    final FakeBroadcastStore broadcasts = new FakeBroadcastStore(Clock.system());
    final FakeBroadcastRooms rooms = new FakeBroadcastRooms();
    final FakeListStore lists = new FakeListStore();
    final FakeFeedback feedback = new FakeFeedback();
    final FakeOutlets outlets = new FakeOutlets();
    final RunningConfig<CenterConfig> config = new RunningConfig<>("{apiPort: 0, requestTimeout: 5s, maxBody: 64KB,"
            + " maxBodies: 150KB, cacheTtl: 1ms, balancers: [127.0.0.2]}", CenterConfig::read);
    final String key = KeyText.random(new SecureRandom());
    /** Not started. */
    final Firing firing;
    private final ApiServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ManagedChannel channel;

    ApiFixture() {
        reset();
        Live<CenterConfig> live = config.live((CenterConfig now) -> now);
        var api = CenterMain.api(service, live, parts, archive,
                new CenterMain.Broadcasting(broadcasts, rooms, lists, feedback), outlets);
        firing = api.firing();
        server = ApiServer.start(live, api.calls(), Clock.system(), service.metrics);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    }

    /** Everything behind the port as new. */
    void reset() {
        parts.reset();
        archive.reset();
        outlets.reset();
        parts.app(3, QUOTA);
        parts.key(key, KeyRecord.newBuilder().setAppId(3).build());
        service.cluster.fence(false);
        service.metrics.reset();
    }

    int port() {
        return server.port();
    }

    HttpResponse<String> post(String path, String body) {
        return call("POST", path, body, key);
    }

    HttpResponse<String> get(String path) {
        return call("GET", path, null, key);
    }

    /**
     * As curl does it: a body goes as a form.
     *
     * @param headers name and value in turns
     */
    HttpResponse<String> call(String method, String path, @Nullable String body, @Nullable String bearer,
            String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).method(method,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/x-www-form-urlencoded");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (bearer != null) {
            request.header("authorization", "Bearer " + bearer);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new AssertionError(method + " " + path, broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** With the headers by which an operator's console says for whom it calls, and in which app. */
    HttpResponse<String> behalf(String method, String path, String bearer, String operator, String app) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).header("authorization", "Bearer " + bearer)
                .header("longwire-operator", operator);
        try {
            return http.send((app.isEmpty() ? request : request.header("longwire-app", app)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new AssertionError(method + " " + path, broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** A GET whose caller claims to come through a balancer. */
    HttpResponse<String> forwarded(String path, String bearer, String forwardedFor) {
        return call("GET", path, null, bearer, "x-forwarded-for", forwardedFor);
    }

    CenterGrpc.CenterBlockingStub grpc(String bearer) {
        return grpc(bearer, new Metadata());
    }

    CenterGrpc.CenterBlockingStub grpc(String bearer, Metadata headers) {
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bearer);
        return CenterGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public void close() {
        firing.close();
        channel.shutdownNow();
        http.close();
        server.close();
    }
}
