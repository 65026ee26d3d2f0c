package io.longwire.e2e.uplink;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.PartStanding;
import io.longwire.center.client.call.BackendException;
import io.longwire.cli.LongwireCli;
import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The platform's bounded queues, as the operator sees them. */
class BoundsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Product product = SharedPlatform.get().app();

    @Test
    void theOperatorSeesEveryQueueWithABoundAndWhatHappenedThere() {
        try (var operator = LongwireBackend.connect(product.api(), product.adminKey())) {
            List<PartStanding> parts = await().atMost(LIMIT).until(() -> operator.admin().platform().await(),
                    all -> all.stream().allMatch(part -> part.problem().isEmpty())); // one has, while it is busy

            assertThat(parts).extracting(PartStanding::part).contains("center", CoordinatorClient.PART, "room",
                    "register", "saver");
            assertThat(queues(parts, CoordinatorClient.PART)).extracting(PartStanding.Queue::metric).contains(
                    "longwire_coordinator_keeping", "longwire_coordinator_streams",
                    "longwire_coordinator_callbacks_in_flight", "longwire_coordinator_replies_under_way",
                    "longwire_coordinator_uplinks_total{outcome=\"full\"}",
                    "longwire_coordinator_dead_pushed_out_total{bound=\"bytes\"}");
            assertThat(queues(parts, "room")).filteredOn(queue -> queue.metric().equals(
                    "longwire_room_uplinks_waiting_bytes")).isNotEmpty().allSatisfy(queue -> {
                        assertThat(queue.most()).isEqualTo(32 << 20);
                        assertThat(queue.held()).isNotNull().isLessThan(queue.most());
                        assertThat(queue.hitsMetric()).isEqualTo("longwire_room_uplinks_shed_total");
                    });
        }
    }

    @Test
    void aProductDoesNot() {
        try (var backend = LongwireBackend.connect(product.api(), product.apiKey())) {
            assertThatThrownBy(() -> backend.admin().platform().await()).isInstanceOfSatisfying(BackendException.class,
                    refused -> assertThat(refused.status()).isEqualTo(403));
        }
    }

    @Test
    void statusWithoutAMessageShowsThem() {
        await().atMost(LIMIT).untilAsserted(() -> { // a part that is busy is shown without them
            var out = new StringWriter();
            var writer = new PrintWriter(out, true);

            int code = LongwireCli.run(writer, writer, "status", "--api", product.api(), "--key", product.adminKey());

            assertThat(code).as(out.toString()).isZero();
            assertThat(out.toString()).contains("HAPPENED THERE").containsPattern(
                    "coordinator-\\S+ +longwire_coordinator_keeping +\\d+ +\\d+ +0 +longwire_coordinator_keeping_full");
        });
    }

    private static List<PartStanding.Queue> queues(List<PartStanding> parts, String part) {
        return parts.stream().filter(one -> one.part().equals(part)).flatMap(one -> one.queues().stream()).toList();
    }
}
