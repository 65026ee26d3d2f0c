package io.longwire.bench.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.bench.http.HttpLines;
import io.longwire.bench.http.HttpReply;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.keeper.service.StartFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Registers endpoints at a dispatcher, as phones do at their first start, over keep-alive connections from many
 * loopback addresses, as the dispatcher counts by address. The same seed gives the same installs and so the same
 * endpoints, with fresh credentials.
 */
public final class EndpointRegistration {
    private static final int CONNECTIONS = 16;
    private static final int ROUNDS = 20;
    private static final int OK = 200;
    private static final String HEADERS = String.join("\r\n", "Content-Type: application/x-protobuf",
            "Accept: application/x-protobuf", "");

    private EndpointRegistration() {
    }

    /** Blocks until all are registered; what the dispatcher puts off is asked again. */
    public static List<BenchEndpoint> register(String dispatcher, String appKey, int count, long seed) {
        var random = new SplittableRandom(seed);
        var requests = new ArrayList<byte[]>(count);
        try (var lines = new HttpLines(dispatcher, CONNECTIONS, CONNECTIONS)) {
            for (int i = 0; i < count; i++) {
                byte[] install = new byte[16];
                random.nextBytes(install);
                requests.add(lines.request("POST", "/v1/endpoints", HEADERS, RegisterEndpoint.newBuilder()
                        .setAppKey(appKey).setInstallId(ByteString.copyFrom(install))
                        .setPackageName("io.longwire.bench").build().toByteArray()));
            }
            var replies = new HttpReply[count];
            for (int round = 0, left = count; left > 0 && round < ROUNDS; round++) {
                left = ask(lines, requests, replies);
            }
            return Arrays.stream(replies).map(EndpointRegistration::endpoint).toList();
        }
    }

    /** Asks for all that have no good answer yet; returns how many still have none. */
    private static int ask(HttpLines lines, List<byte[]> requests, HttpReply[] replies) {
        var asked = new ArrayList<CompletableFuture<HttpReply>>();
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < replies.length; i++) {
            if (replies[i] == null || replies[i].status() != OK) {
                numbers.add(i);
                asked.add(lines.send(requests.get(i)));
            }
        }
        int left = 0;
        for (int i = 0; i < asked.size(); i++) {
            HttpReply reply = asked.get(i).join();
            replies[numbers.get(i)] = reply;
            left += reply.status() == OK ? 0 : 1;
        }
        return left;
    }

    private static BenchEndpoint endpoint(HttpReply reply) {
        if (reply.status() != OK) {
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
