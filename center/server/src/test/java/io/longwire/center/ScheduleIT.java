package io.longwire.center;

import io.longwire.device.v1.Push;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A schedule from the call that makes it to the message that is stored and pushed. */
class ScheduleIT {
    @Test
    void sendsAtItsTimeWhatWasGivenBeforeAndOnce() throws Exception {
        try (var api = new ApiFixture()) {
            api.firing.start();
            String at = Instant.now().plusSeconds(2).toString();
            var made = api.post("/v1/schedules", "{\"message\":{\"to\":{\"endpoint\":\"" + ApiFixture.ENDPOINT
                    + "\"},\"payload\":\"aGk=\",\"ttl\":\"1h\"},\"at\":\"" + at + "\"}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
            assertThat(api.parts.appended).isEmpty();
            String path = "/v1/schedules/" + made.body().replaceAll(".*\"schedule_id\":\"(\\w{13})\".*", "$1");

            await().until(() -> api.get(path).body().contains("\"state\":\"done\""));

            assertThat(api.parts.appended).hasSize(1);
            var push = Push.parseFrom(api.parts.appended.getFirst().getEnvelope());
            assertThat(push.getPayload().toStringUtf8()).isEqualTo("hi");
            assertThat(push.getAcceptedMs()).isGreaterThanOrEqualTo(Instant.parse(at).toEpochMilli());
            assertThat(push.getExpireAtMs() - push.getAcceptedMs()).isEqualTo(3_600_000);
            assertThat(api.parts.appended.getFirst().hasIdempotency()).isTrue();
            await().untilAsserted( // it is accepted before it goes on its way
                    () -> assertThat(api.parts.events).contains("append", "lookup", "push 1000"));
            assertThat(api.get(path).body()).contains("\"fired\":1", "\"last_problem\":\"\"");
        }
    }
}
