package io.longwire.bench.load;

import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.http.HttpLines;
import io.longwire.bench.message.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/messages}, one message each, over keep-alive connections, as {@code curl} would. */
public final class CenterRestTarget implements Target {
    private final HttpLines lines;
    private final String headers;
    private final List<BenchEndpoint> endpoints;
    private final int payloadBytes;

    /** @param connections as many requests may be in flight */
    public CenterRestTarget(String address, String key, List<BenchEndpoint> endpoints, int payloadBytes,
            int connections) {
        this.lines = new HttpLines("http://" + address, connections, 0);
        this.headers = "Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\n";
        this.endpoints = endpoints;
        this.payloadBytes = payloadBytes;
    }

    @Override
    public CompletableFuture<String[]> send(int[] to, int run, long firstNumber, long nanos) {
        String payload = Base64.getEncoder().encodeToString(Stamp.payload(payloadBytes, run, firstNumber, nanos));
        String body = "{\"to\":{\"endpoint\":\"" + endpoints.get(to[0]).text() + "\"},\"ttl\":\"1h\",\"payload\":\""
                + payload + "\"}";
        byte[] request = lines.request("POST", "/v1/messages", headers, body.getBytes(StandardCharsets.UTF_8));
        return lines.send(request).thenApply(reply -> new String[]{
                reply.status() / 100 == 2 ? ACCEPTED : Integer.toString(reply.status())});
    }

    @Override
    public void close() {
        lines.close();
    }
}
