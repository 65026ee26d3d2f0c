package io.longwire.bench.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.bench.http.HttpLines;
import io.longwire.bench.http.HttpReply;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.keeper.service.StartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Registers endpoints at a dispatcher, as phones do at their first start, over keep-alive connections from many
 * loopback addresses, as the dispatcher counts by address. The same seed gives the same installs and so the same
 * endpoints, with fresh credentials.
 */
public final class EndpointRegistration {
    private static final int CONNECTIONS = 64;
    private static final String HEADERS = String.join("\r\n", "Content-Type: application/x-protobuf",
            "Accept: application/x-protobuf", "");

    private EndpointRegistration() {
    }

    /** Blocks until all are registered. */
    public static List<BenchEndpoint> register(String dispatcher, String appKey, int count, long seed) {
        var random = new SplittableRandom(seed);
        var replies = new ArrayList<CompletableFuture<HttpReply>>(count);
        try (var lines = new HttpLines(dispatcher, CONNECTIONS, CONNECTIONS)) {
            for (int i = 0; i < count; i++) {
                byte[] install = new byte[16];
                random.nextBytes(install);
                byte[] body = RegisterEndpoint.newBuilder().setAppKey(appKey)
                        .setInstallId(ByteString.copyFrom(install)).setPackageName("io.longwire.bench").build()
                        .toByteArray();
                replies.add(lines.send(lines.request("POST", "/v1/endpoints", HEADERS, body)));
            }
            return replies.stream().map(CompletableFuture::join).map(EndpointRegistration::endpoint).toList();
        }
    }

    private static BenchEndpoint endpoint(HttpReply reply) {
        if (reply.status() != 200) {
            throw new StartFailure("dispatcher: " + reply.status() + " " + reply.text() + " (expected: 200)", null);
        }
        try {
            var endpoint = RegisteredEndpoint.parseFrom(reply.body());
            return new BenchEndpoint(endpoint.getEndpoint(), endpoint.getEndpointId(), endpoint.getAppId(),
                    endpoint.getCredential().toByteArray());
        } catch (InvalidProtocolBufferException broken) {
            throw new StartFailure("dispatcher: " + reply.body().length + " bytes (expected: a RegisteredEndpoint)",
                    broken);
        }
    }
}
