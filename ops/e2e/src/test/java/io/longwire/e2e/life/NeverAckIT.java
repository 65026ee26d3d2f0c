package io.longwire.e2e.life;

import io.longwire.device.id.MessageId;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.rpc.saver.EndItem;
import io.longwire.saver.client.SaverClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An app that takes messages and never acks: it is parked, seen to be, and what it never took is a dead letter. */
class NeverAckIT {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Scene scene = new Scene("never-ack").settings("{\"receipts\":true}");
    private final InetSocketAddress room = SharedPlatform.get().listener(0, "tcp");
    private long connSeq = 1000;

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void parksWhoNeverAcksThenGivesTheMessageUpAndSendsItAgainWhenAsked() {
        Identity identity = Identity.register(scene.product);
        String id = scene.send(Mail.to(identity.endpoint()).text("nobody takes me"));
        for (int i = 0; i < 3; i++) {
            assertThat(takeWithoutAck(identity, Scene.LIMIT)).isTrue();
        }
        await().atMost(Scene.LIMIT).pollInterval(SECOND).untilAsserted(() -> {
            Answer timeline = scene.rest.timeline(id, identity.endpoint()).ok();
            if (timeline.number("attempts") < 3) { // one is not counted where a store is slow to answer
                takeWithoutAck(identity, SECOND);
            }
            assertThat(timeline.text("reason_code")).isEqualTo("parked_no_ack");
            assertThat(timeline.text("why")).contains("without ack");
            assertThat(timeline.number("attempts")).isGreaterThanOrEqualTo(3);
        });

        giveUp(identity, id);
        scene.awaitReceipt("failed", id);
        Answer letters = scene.rest.get("/v1/dead-letters?endpoint=" + identity.endpoint()).ok();
        assertThat(letters.texts("letters", "message_id")).containsExactly(id);
        assertThat(letters.list("letters").getFirst().path("attempts").asInt()).isGreaterThanOrEqualTo(10);
        assertThat(letters.list("letters").getFirst().path("reason").asText()).isNotEmpty();

        Answer again = scene.rest.post("/v1/dead-letters/" + id + "/endpoints/" + identity.endpoint() + ":resend",
                "{\"ttl\":\"1h\"}").ok();
        assertThat(again.messageId()).isNotEqualTo(id);
        try (var device = login(identity)) {
            var push = device.awaitPush();
            assertThat(push.getPayload().toStringUtf8()).isEqualTo("nobody takes me");
            device.ack(push);
            scene.awaitState(again.messageId(), identity.endpoint(), "acked", Scene.LIMIT);
        }
        assertThat(scene.rest.get("/v1/dead-letters").ok().texts("letters", "resent_as"))
                .containsExactly(again.messageId());
    }

    /** What its room would report over hours of ever longer pauses. */
    private void giveUp(Identity identity, String id) {
        var unacked = EndItem.newBuilder().setKind(EndItem.Kind.UNACKED).setEndpointId(identity.endpointId())
                .setMessageId(MessageId.parse(id)).setAppId(scene.product.appId()).build();
        var center = SharedPlatform.get().platform().center();
        try (var saver = new SaverClient(center.rpc(), center.cluster())) {
            for (int i = 0; i < 10 && !scene.rest.state(id, identity.endpoint()).equals("dead"); i++) {
                saver.end(unacked).join();
            }
        }
        scene.awaitState(id, identity.endpoint(), "dead", Scene.LIMIT);
    }

    /** The phone takes what comes and dies before it acks; whether anything came. */
    private boolean takeWithoutAck(Identity identity, Duration limit) {
        try (var device = login(identity)) {
            Optional<?> push = device.pushWithin(limit);
            return push.isPresent();
        }
    }

    private RawDevice login(Identity identity) {
        long previous = connSeq++;
        return RawDevice.loggedIn(room, identity.binding(connSeq, previous - 1));
    }
}
