package io.longwire.e2e;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The plain way through every part: to who is there, to who comes back, to two apps on one connection, by TLS. */
class OnlineOfflineIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Product product = SharedPlatform.get().app();
    private final History history = new History();
    private final Phones phones = new Phones("online-offline", history);
    private final Backend backend = new Backend(product, history);
    private final Rest center = product.backend();

    @AfterEach
    void end() {
        center.close();
        backend.close();
        phones.close();
    }

    @Test
    void deliversToAPhoneThatIsOnlineWithinMilliseconds() {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        send("warm", phone);
        awaitShown("warm");

        long[] millis = times(phone, 0);
        for (int round = 1; round < 5 && median(millis) >= 100; round++) { // a busy machine is slow now and then
            millis = times(phone, round);
        }
        assertThat(median(millis)).as("median ms from call to app, of %s", Arrays.toString(millis)).isLessThan(100);
        verdict();
    }

    @Test
    void keepsMessagesForAPhoneThatIsOfflineUntilItsNextLogin() throws Exception {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        String endpoint = phone.endpoint();
        phone.stop();
        backend.send("parked", endpoint, ""); // for half a minute its room expects it back
        kick(endpoint);
        await().atMost(LIMIT).until(() -> center.endpoint(endpoint).text("state").equals("offline"));
        for (int i = 0; i < 11; i++) {
            backend.send("offline-" + i, endpoint, "");
        }
        String waiting = history.id("offline-0");
        assertThat(center.state(waiting, endpoint)).isEqualTo("waiting");
        assertThat(center.timeline(waiting, endpoint).text("why")).contains("offline");
        assertThat(center.endpoint(endpoint).number("waiting")).isEqualTo(12);

        phone.start();
        verdict();
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(center.endpoint(endpoint).number("waiting")).isZero());
        phone.restart();
        phone.awaitOnline(LIMIT);
        verdict(); // and never again
    }

    @Test
    void tellsEveryMilestoneWithItsTimeInLessThanASecond() {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        send("milestones", phone);
        awaitShown("milestones");
        String id = history.id("milestones");
        await().atMost(LIMIT).until(() -> !center.state(id, phone.endpoint()).equals("waiting"));

        Answer timeline = Answer.withinASecond(() -> center.timeline(id, phone.endpoint()));
        assertThat(timeline.text("state")).isEqualTo("acked");
        assertThat(timeline.texts("milestones", "name")).containsExactly("accepted", "stored", "routed",
                "written", "acked");
        assertThat(timeline.list("milestones").stream().map(stone -> stone.path("at_ms").asLong())).isSorted()
                .allMatch(at -> Math.abs(Clock.system().wallMillis() - at) < 60_000);
    }

    @Test
    void servesTwoAppsOverOneConnection() {
        Product other = SharedPlatform.get().app();
        Phone phone = phones.add(product, other);
        phone.start();
        phone.awaitOnline(LIMIT);
        try (var otherBackend = new Backend(other, history)) {
            backend.send("first app", phone.endpoint(0), "");
            otherBackend.send("second app", phone.endpoint(1), "");
            // An endpoint belongs to its app: the other one's key does not reach it.
            assertThat(otherBackend.send("foreign", phone.endpoint(0), "")).isEqualTo(Backend.Outcome.REFUSED);
        }
        verdict();
        assertThat(center.endpoint(phone.endpoint(0)).text("state")).isEqualTo("online");
    }

    @Test
    void deliversOverTls() {
        Phone phone = phones.addTls(product);
        phone.start();
        phone.awaitOnline(LIMIT);
        send("sealed", phone);
        verdict();
        var status = phone.status();
        assertThat(status == null ? "" : status.room()).contains("tls");
    }

    @Test
    void takesMessagesByGrpcToo() {
        Phone phone = phones.online(1, product, LIMIT).all().getFirst();
        URI api = URI.create(product.api());
        ManagedChannel channel = ManagedChannelBuilder.forAddress(api.getHost(), api.getPort()).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + product.apiKey());
            history.sending("by grpc", phone.endpoint());
            var reply = CenterGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .send(SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(phone.endpoint()))
                            .setPayload(ByteString.copyFromUtf8("by grpc")).build());
            history.accepted("by grpc", reply.getMessageId());
        } finally {
            channel.shutdownNow();
        }
        verdict();
    }

    /** From the call to the app, of 20 messages, in ms, sorted. */
    private long[] times(Phone phone, int round) {
        var millis = new long[20];
        for (int i = 0; i < millis.length; i++) {
            String payload = "online-" + round + "-" + i;
            long began = Clock.system().nanos();
            send(payload, phone);
            awaitShown(payload);
            Long shown = phone.shownAt(payload);
            millis[i] = shown == null ? Long.MAX_VALUE : (shown - began) / 1_000_000;
        }
        Arrays.sort(millis);
        return millis;
    }

    private static long median(long[] sorted) {
        return sorted[sorted.length / 2];
    }

    private void send(String payload, Phone phone) {
        assertThat(backend.send(payload, phone.endpoint(), "")).isEqualTo(Backend.Outcome.ACCEPTED);
    }

    private void awaitShown(String payload) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> history.wasShown(payload));
    }

    private void kick(String endpoint) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(product.api() + "/v1/endpoints/" + endpoint + ":kick"))
                    .header("Authorization", "Bearer " + product.apiKey()).POST(BodyPublishers.ofString("{}")).build();
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    private void verdict() {
        new Verdict(history, product, 0).kept(LIMIT);
    }
}
