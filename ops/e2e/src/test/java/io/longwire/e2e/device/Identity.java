package io.longwire.e2e.device;

import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.e2e.platform.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;

/** A registered endpoint and its credential, as the dispatcher gave them. */
public record Identity(long endpointId, String endpoint, byte[] credential) {

    /** A new install of the product's app. */
    public static Identity register(Product product) {
        byte[] install = new byte[16];
        new SecureRandom().nextBytes(install);
        var wanted = RegisterEndpoint.newBuilder().setAppKey(product.appKey())
                .setInstallId(ByteString.copyFrom(install)).build();
        var request = HttpRequest.newBuilder(URI.create(product.dispatcher() + "/v1/endpoints"))
                .header("Content-Type", "application/x-protobuf").header("Accept", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(wanted.toByteArray())).build();
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("registration: " + response.statusCode() + " (expected: 200)");
            }
            var answer = RegisteredEndpoint.parseFrom(response.body());
            return new Identity(answer.getEndpointId(), answer.getEndpoint(), answer.getCredential().toByteArray());
        } catch (IOException away) {
            throw new UncheckedIOException(away);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Binds under this conn_seq, as the first one ever. */
    public EndpointBinding binding(long connSeq) {
        return binding(connSeq, 0);
    }

    public EndpointBinding binding(long connSeq, long previous) {
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(credential)).setConnSeq(connSeq)
                .setPrevConnSeq(previous).build();
    }
}
