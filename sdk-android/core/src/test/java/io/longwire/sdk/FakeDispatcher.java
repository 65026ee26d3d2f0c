package io.longwire.sdk;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.credential.Credentials;
import io.longwire.device.dispatcher.DispatcherProblem;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.RetryPolicy;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.id.AppKey;
import io.longwire.device.id.EndpointId;
import io.longwire.sdk.loop.SdkClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A dispatcher on a real HTTP port: real credentials, and the rooms a test gives it. */
final class FakeDispatcher implements AutoCloseable {
    private static final byte[] KEY = "a key of the platform, 32 bytes.".getBytes(StandardCharsets.UTF_8);
    private static final CredentialKeys KEYS = CredentialKeys.single(3, KEY);

    final CredentialVerifier verifier = new CredentialVerifier(KEYS);
    final AtomicInteger registrations = new AtomicInteger();
    final AtomicInteger roomQuestions = new AtomicInteger();
    final List<RegisterEndpoint> installs = new CopyOnWriteArrayList<>();
    volatile List<RoomAddress> rooms = List.of();
    volatile int refuseWith;
    volatile long lifeSeconds = 30L * 86_400;
    volatile boolean knowsKeys = true;

    private final EndpointId texts = new EndpointId(KEY);
    private final Map<ByteString, Long> endpoints = new ConcurrentHashMap<>();
    private final AtomicLong nextEndpoint = new AtomicLong(0x7000_0000_0000_0001L);
    private final HttpServer http;

    FakeDispatcher() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("fake-dispatcher").factory()));
        http.createContext("/v1/endpoints", this::register);
        http.createContext("/v1/rooms", this::rooms);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    void serve(FakeRoom... all) {
        List<RoomAddress> list = new CopyOnWriteArrayList<>();
        for (FakeRoom room : all) {
            list.add(RoomAddress.newBuilder().setHost("127.0.0.1").setPort(room.port()).setTls(room.tls()).build());
        }
        rooms = list;
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void register(HttpExchange call) throws IOException {
        registrations.incrementAndGet();
        RegisterEndpoint install = RegisterEndpoint.parseFrom(call.getRequestBody().readAllBytes());
        installs.add(install);
        if (refuseWith != 0) {
            answer(call, refuseWith, DispatcherProblem.newBuilder().setStatus(refuseWith).setCode("asked")
                    .setDetail("test: asked for it (expected: this)").build());
            return;
        }
        int appId = AppKey.parse(install.getAppKey()).appId();
        long id = endpoints.computeIfAbsent(install.getInstallId(), fresh -> nextEndpoint.getAndIncrement());
        long now = SdkClock.system().wallMillis() / 1000;
        byte[] credential = Credentials.issue(KEYS, new Claims(3, appId, id, 1, now - 60, now + lifeSeconds));
        answer(call, 200, RegisteredEndpoint.newBuilder().setEndpointId(id).setEndpoint(texts.text(appId, id))
                .setAppId(appId).setCredential(ByteString.copyFrom(credential))
                .setExpiresMs((now + lifeSeconds) * 1000).setServerTimeMs(now * 1000)
                .setPayloadKey(knowsKeys ? install.getPayloadKey() : ByteString.EMPTY).build());
    }

    private void rooms(HttpExchange call) throws IOException {
        roomQuestions.incrementAndGet();
        answer(call, 200, Rooms.newBuilder().addAllRooms(rooms).setTtlS(3600)
                .setRetry(RetryPolicy.newBuilder().setFirstWindowMs(50).setBaseMs(100).setCapMs(400)
                        .setAskAgainMs(60_000))
                .setServerTimeMs(SdkClock.system().wallMillis()).build());
    }

    private static void answer(HttpExchange call, int status, MessageLite body) throws IOException {
        byte[] bytes = body.toByteArray();
        call.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }
}
