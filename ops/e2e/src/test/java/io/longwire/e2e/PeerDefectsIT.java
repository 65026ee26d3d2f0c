package io.longwire.e2e;

import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Backend.Outcome;
import io.longwire.e2e.load.Books;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.service.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was seen to go wrong in other systems under load (DESIGN, section 15): phones that connect in a storm and then
 * get nothing, acks that overtake the registration of their message, connections lost in the third run of one load.
 */
class PeerDefectsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PHONES = 200;
    private static final int RUNS = 3;

    private final SharedPlatform platform = SharedPlatform.get();
    private final Product product = platform.app();
    private final History history = new History();

    @Test
    void everyoneOfAStormGetsItsMessagesInEveryRunAndEveryAckIsHeard() throws Exception {
        var phones = new RawDevice[PHONES];
        var identities = new Identity[PHONES];
        for (int i = 0; i < PHONES; i++) {
            identities[i] = Identity.register(product);
        }
        try (var backend = new Backend(product, history); var books = new Books(platform.platform().center())) {
            atOnce(i -> phones[i] = RawDevice.loggedIn(platform.listener(i % 2, "tcp"), identities[i].binding(1)));
            double closed = closed();
            for (int run = 0; run < RUNS; run++) {
                String name = "run-" + run + "-";
                atOnce(i -> {
                    String payload = name + i;
                    assertThat(backend.send(payload, identities[i].endpoint(), "")).isEqualTo(Outcome.ACCEPTED);
                    var push = phones[i].awaitPush();
                    phones[i].ack(push);
                    assertThat(push.getPayload().toStringUtf8()).isEqualTo(payload);
                });
            }
            for (RawDevice phone : phones) {
                assertThat(phone.pushWithin(Duration.ofMillis(1))).as("a message again").isEmpty();
            }
            assertThat(closed()).as("connections closed").isEqualTo(closed);
            books.balance(product.appId(), (long) PHONES * RUNS, LIMIT);
        } finally {
            for (RawDevice phone : phones) {
                if (phone != null) {
                    phone.close();
                }
            }
        }
    }

    private double closed() {
        double sum = 0;
        for (Service room : platform.platform().rooms()) {
            sum += SharedPlatform.metric(room, "room_closed_total");
        }
        return sum;
    }

    private static void atOnce(IntConsumer work) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < PHONES; i++) {
                int number = i;
                all.add(threads.submit(() -> work.accept(number)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}
