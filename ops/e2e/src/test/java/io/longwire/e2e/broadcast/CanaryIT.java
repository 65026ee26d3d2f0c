package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.Push;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.broadcast.Crowd.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the phones of a canary make of it, on bare sockets at both rooms, stops it, and it says why. */
class CanaryIT {
    /** Of which 36 are in the canary on average: fewer than 20, or all, are beyond four standard deviations. */
    private static final int PHONES = 60;
    private static final int LEAST = 20;
    private static final Duration GLANCE = Duration.ofMillis(5);

    private final Crowd crowd = new Crowd("canary");
    private final List<Raw> phones = new ArrayList<>();

    /** A phone that answers as the test says. */
    private static final class Raw {
        private final Identity identity;
        private final RawDevice device;
        private int pushes;

        Raw(Identity identity, RawDevice device) {
            this.identity = identity;
            this.device = device;
        }

        void answer(Push push, AckStatus status) {
            device.frame(FrameType.ACK, Ack.newBuilder().addEndpointAcks(EndpointAck.newBuilder()
                    .setEndpointId(identity.endpointId()).addBcastSeqs(push.getBcastSeq()).setStatus(status)).build());
        }
    }

    @BeforeEach
    void connect() {
        for (int i = 0; i < PHONES; i++) {
            var identity = Identity.register(crowd.product);
            phones.add(new Raw(identity, RawDevice.loggedIn(SharedPlatform.get().listener(i % 2, "tcp"),
                    identity.binding(1))));
        }
    }

    @AfterEach
    void end() {
        phones.forEach(phone -> phone.device.close());
        crowd.close();
    }

    @Test
    void stopsWhenItsPhonesCannotTakeItAndGoesOnWhenItIsResumedInSpiteOfIt() {
        Campaign campaign = Campaign.start(crowd.rest, "broken",
                "{\"canary\":{\"percent\":60,\"wait\":true,\"max_failed_percent\":30}}");
        // Late enough that every room has walked.
        await().atMost(LIMIT).until(() -> campaign.info().number("rooms_finished") == 2);
        IntFunction<AckStatus> twoOfThree = number -> switch (number % 3) {
            case 0 -> AckStatus.ACK_APP_MISSING;
            case 1 -> AckStatus.ACK_DECRYPT_FAILED;
            default -> AckStatus.ACK_STORED;
        };
        int canary = answer(twoOfThree);

        campaign.awaitState("paused", LIMIT);

        assertThat(canary).isBetween(LEAST, PHONES - 1);
        assertThat(campaign.info().text("reason"))
                .matches("canary: failed \\d+ of \\d+, \\d+\\.\\d\\d % \\(expected: at most 30\\.00 %\\)");
        campaign.awaitCount("acked", canary / 3, LIMIT);
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode failed = campaign.info().body().at("/counts/failed");
            assertThat(failed.path("app_missing").asInt()).as("of %s", failed).isEqualTo((canary + 2) / 3);
            assertThat(failed.path("decrypt_failed").asInt()).as("of %s", failed).isEqualTo((canary + 1) / 3);
        });

        campaign.order("resume");

        await("going on in spite of it").during(Duration.ofSeconds(4)).atMost(LIMIT)
                .until(() -> campaign.info().text("state").equals("running"));
        assertThat(campaign.info().text("stage")).isEqualTo("canary");
        campaign.order("advance");
        await().atMost(LIMIT).until(() -> {
            answer(number -> AckStatus.ACK_STORED);
            return phones.stream().allMatch(phone -> phone.pushes > 0);
        });
        campaign.awaitState("walked", LIMIT);
        assertThat(phones).as("each once").allMatch(phone -> phone.pushes == 1);
    }

    @Test
    void stopsWhenItsPhonesHangUpOnIt() {
        Campaign campaign = Campaign.start(crowd.rest, "crashing",
                "{\"canary\":{\"percent\":60,\"wait\":true,\"max_dropped_percent\":10}}");
        await().atMost(LIMIT).until(() -> campaign.info().number("rooms_finished") == 2);

        int[] canary = {0};
        for (Raw phone : phones) {
            phone.device.pushWithin(GLANCE).ifPresent(push -> {
                canary[0]++;
                if (canary[0] % 2 == 0) {
                    phone.device.close();
                }
            });
        }

        campaign.awaitState("paused", LIMIT);
        assertThat(canary[0]).isBetween(LEAST, PHONES - 1);
        assertThat(campaign.info().text("reason"))
                .matches("canary: dropped \\d+ of " + canary[0]
                        + ", \\d+\\.\\d\\d % \\(expected: at most 10\\.00 %\\)");
        campaign.awaitCount("dropped_after", canary[0] / 2, LIMIT);
    }

    @Test
    void waitsToBeToldWhenFewCannotTakeIt() {
        Campaign campaign = Campaign.start(crowd.rest, "sound",
                "{\"canary\":{\"percent\":60,\"wait\":true,\"max_failed_percent\":50,\"max_dropped_percent\":50}}");
        await().atMost(LIMIT).until(() -> campaign.info().number("rooms_finished") == 2);
        int canary = answer(number -> number % 4 == 0 ? AckStatus.ACK_DROPPED_BY_USER : AckStatus.ACK_STORED);

        campaign.awaitCount("acked", canary - (canary + 3) / 4, LIMIT);
        await().atMost(LIMIT).untilAsserted(
                () -> assertThat(campaign.info().body().at("/counts/failed/dropped_by_user").asInt())
                        .isEqualTo((canary + 3) / 4));
        assertThat(campaign.info().text("state")).isEqualTo("running");
        assertThat(campaign.info().text("stage")).isEqualTo("canary");
        campaign.order("cancel");
    }

    /** Every phone that was pushed something answers it; how many did. */
    private int answer(IntFunction<AckStatus> status) {
        int[] answered = {0};
        for (Raw phone : phones) {
            phone.device.pushWithin(GLANCE).ifPresent(push -> {
                phone.pushes++;
                phone.answer(push, status.apply(answered[0]++));
            });
        }
        return answered[0];
    }
}
